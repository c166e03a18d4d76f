import SystemPackage

/// What `run` does beside running: a picture of the screen, a way in for a debugger.
struct RunTasks: Equatable, Sendable {
    /// A picture of the screen, and when it is taken.
    struct Picture: Equatable, Sendable {
        enum Moment: Equatable, Sendable {
            /// So long after the machine's start.
            case after(Duration)
            /// When a line on the serial line has this in it.
            case line(String)
        }

        /// The PNG file.
        var path: FilePath
        var moment: Moment
    }

    /// A debugger that the loader waits for before it starts the kernel.
    struct Debugger: Equatable, Sendable {
        var kernel: FilePath
        /// The gdb that knows the kernel's architecture.
        var program: String
        /// Where QEMU listens on this machine.
        var port: UInt16
    }

    var picture: Picture?
    var debugger: Debugger?

    var isEmpty: Bool { picture == nil && debugger == nil }
}
