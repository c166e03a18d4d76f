package import SystemPackage

/// What `run` does beside running: a picture of the screen, a way in for a debugger.
package struct RunTasks: Equatable, Sendable {
    /// A picture of the screen, and when it is taken.
    package struct Picture: Equatable, Sendable {
        package enum Moment: Equatable, Sendable {
            /// So long after the machine's start.
            case after(Duration)
            /// When a line on the serial line has this in it.
            case line(String)
        }

        /// The PNG file.
        package var path: FilePath
        var moment: Moment

        package init(
            path: FilePath, moment: Moment
        ) {
            self.path = path
            self.moment = moment
        }
    }

    /// A debugger that the loader waits for before it starts the kernel.
    package struct Debugger: Equatable, Sendable {
        package var kernel: FilePath
        /// The gdb that knows the kernel's architecture.
        package var program: String
        /// Where QEMU listens on this machine.
        var port: UInt16

        package init(
            kernel: FilePath, program: String, port: UInt16
        ) {
            self.kernel = kernel
            self.program = program
            self.port = port
        }
    }

    var picture: Picture?
    package var debugger: Debugger?

    package init(
        picture: Picture? = nil, debugger: Debugger? = nil
    ) {
        self.picture = picture
        self.debugger = debugger
    }

    package var isEmpty: Bool { picture == nil && debugger == nil }
}
