package import HostSystem

import SystemPackage

extension Program {
    /// Finds a program that something needs.
    package init(_ name: String, package: String, need: String) throws(Failure) {
        do throws(ProgramError) { try self.init(name) } catch {
            throw Failure(
                .missingTool,
                "\(name) is not on PATH, and \(need) needs it; install it: apt install \(package)")
        }
    }
}

extension Failure {
    package init(_ error: ProgramError) {
        switch error {
        case .notFound(let name):
            let package = ["sbsign": "sbsigntool", "sbverify": "sbsigntool"][name] ?? name
            self.init(.missingTool, "\(name) is not on PATH; install it: apt install \(package)")
        case .notStarted(let program, let errno):
            self.init(.missingTool, "\(program) cannot be started: \(errno)")
        case .failed(let program, let exit, let output):
            let words = output.split(whereSeparator: \.isNewline).joined(separator: "; ")
            self.init(
                .inputOutput,
                "\(program) \(exit.text)" + (words.isEmpty ? "" : ": \(words)"))
        case .timedOut(let program, _):
            self.init(.timedOut, "\(program) did not end in time")
        case .interrupted(let program, let signal):
            self.init(
                Status(rawValue: 128 + signal) ?? .terminated,
                "\(program) was ended, because this command got signal \(signal)")
        }
    }

    package init(_ error: FileError) {
        switch error {
        case .notAFile(let path):
            self.init(.cannotCreateOutput, "\(path): is a folder, a device or a pipe")
        case .failed(.open, let path, let errno), .failed(.read, let path, let errno):
            self.init(.missingInput, "\(path): cannot be read: \(errno)")
        case .failed(_, let path, let errno):
            self.init(.cannotCreateOutput, "\(path): cannot be written: \(errno)")
        }
    }
}

extension Exit {
    package var text: String {
        switch self {
        case .status(let status): "ended with status \(status)"
        case .signal(let number): "was ended by signal \(number)"
        }
    }
}

/// Runs what throws a typed error of HostSystem; it becomes a ``Failure``.
package func files<Value>(_ body: () throws(FileError) -> Value) throws(Failure) -> Value {
    do throws(FileError) { return try body() } catch { throw Failure(error) }
}

package func programs<Value>(_ body: () throws(ProgramError) -> Value) throws(Failure) -> Value {
    do throws(ProgramError) { return try body() } catch { throw Failure(error) }
}

func readFile(_ path: FilePath) throws(Failure) -> [UInt8] {
    try files { () throws(FileError) in try path.readAll() }
}

func writeFile(_ bytes: [UInt8], to path: FilePath) throws(Failure) {
    try files { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
}
