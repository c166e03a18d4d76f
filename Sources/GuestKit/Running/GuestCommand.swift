package import SystemPackage

import HostSystem

/// The command that boots an image: QEMU, or the user's own.
package struct GuestCommand: Equatable, Sendable {
    /// Where an observer lets its standard error go.
    package enum StandardError: Sendable {
        /// To the observer, line by line.
        case observer
        /// Into its standard output, and through the same filter.
        case output
        /// To this process's own.
        case inherited
    }

    package var program: FilePath
    package var arguments: [String]
    package var image: FilePath
    /// Files that it finds by the names of ``name(ofFile:)``; closed once it runs.
    package var files: [FileDescriptor] = []
    /// Whether QEMU reports events to an observer; the user's own command does not.
    package var isObserved: Bool
    /// Whether the machine is a board: QEMU writes its second serial port where it else writes the
    /// firmware's messages.
    package var isBoard = false
    package var standardError = StandardError.observer

    package init(
        program: FilePath, arguments: [String], image: FilePath, isObserved: Bool = false
    ) {
        (self.program, self.arguments, self.image) = (program, arguments, image)
        self.isObserved = isObserved
    }

    package init(_ invocation: QEMUInvocation) {
        self.init(
            program: invocation.host.executable, arguments: invocation.arguments,
            image: invocation.image, isObserved: invocation.observation != .none)
        isBoard = invocation.isBoard
    }

    /// The descriptors before are its streams and those that an observer reads.
    private static let firstFile = 6

    /// The name by which the command finds the file of that index, whatever becomes of the file's
    /// own name.
    package static func name(ofFile index: Int) -> FilePath {
        FilePath("/dev/fd/\(firstFile + index)")
    }

    /// The whole command, quoted for a shell.
    package var shellLine: String {
        ([program.text] + arguments).map(\.shellQuoted).joined(separator: " ")
    }

    /// Runs the command on the terminal until the guest ends, for at most `limit`.
    ///
    /// Returns its exit status, or 128 plus the signal that ended QEMU or this process.
    package func run(limit: Duration? = nil) throws(GuestError) -> Int32 {
        defer { files.forEach { try? $0.close() } }
        let streams = [FileDescriptor.standardInput, .standardOutput, .standardError]
        let unused = repeatElement(FileDescriptor.standardInput, count: Self.firstFile - 3)
        let outcome: Child.Outcome
        do throws(Errno) {
            outcome = try Child.runInForeground(
                program, arguments, streams: files.isEmpty ? [] : streams + unused + files,
                limit: limit)
        } catch {
            throw .notStarted(program, error)
        }
        switch outcome {
        case .ended(let exit): return exit.shellStatus
        case .interrupted(let signal): return 128 + signal
        case .timedOut: throw .timedOut(image: image)
        }
    }
}
