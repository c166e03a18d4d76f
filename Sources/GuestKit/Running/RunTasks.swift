package import SystemPackage

/// What a run does besides booting: take a picture of the screen, let a debugger connect.
package struct RunTasks: Equatable, Sendable {
    /// A picture of the screen.
    package struct Picture: Equatable, Sendable {
        package enum Moment: Equatable, Sendable {
            /// After this time since the machine's start.
            case after(Duration)
            /// When a line on the serial line contains this text.
            case line(String)
        }

        /// The PNG file.
        package var path: FilePath
        var moment: Moment

        package init(path: FilePath, moment: Moment) {
            (self.path, self.moment) = (path, moment)
        }
    }

    /// A debugger that the loader waits for before it starts the kernel.
    package struct Debugger: Equatable, Sendable {
        package var kernel: FilePath
        /// The name of the gdb for the kernel's architecture.
        package var program: String
        /// The TCP port on which QEMU listens.
        var port: UInt16

        package init(kernel: FilePath, program: String, port: UInt16) {
            (self.kernel, self.program, self.port) = (kernel, program, port)
        }
    }

    var picture: Picture?
    package var debugger: Debugger?

    package init(picture: Picture? = nil, debugger: Debugger? = nil) {
        (self.picture, self.debugger) = (picture, debugger)
    }
}
