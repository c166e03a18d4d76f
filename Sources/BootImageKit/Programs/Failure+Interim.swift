import DiskImage
import ELFKit
import HostSystem
import SystemPackage

// For FileSystemMaker, Inspecting and Verifying, until they throw typed errors.

extension Failure {
    init(_ error: ELFError) { self.init(.kernel(error) as BuildError, "\(error)") }

    init(_ error: WriteError) { self.init(.writing(error) as BuildError) }

    init(_ error: ProgramError) {
        let text =
            switch error {
            case .notFound(let name): "\(name) is not on PATH"
            case .notStarted(let program, let errno): "\(program) cannot be started: \(errno)"
            case .failed(let program, .status(let status), let output):
                "\(program) ended with status \(status): "
                    + output.split(whereSeparator: \.isNewline).joined(separator: "; ")
            default: "\(error)"
            }
        self.init(.program(error, .signing) as BuildError, text)
    }

    init(_ error: BuildError) {
        switch error {
        case .fileSystem(let failure): self = failure
        case .program(.notFound(let name), .container(let path)):
            self.init(
                .missingTool,
                "\(name) is not on PATH, and \(path), a disk in a container, needs it; install it: "
                    + "apt install qemu-utils")
        case .program(let program, _): self.init(program)
        case .kernel(let kernel): self.init(kernel)
        case .writing(let writing): self.init(error, "\(writing)")
        default: self.init(error, "\(error)")
        }
    }

    private init(_ error: BuildError, _ text: String) {
        let status: Status =
            switch error.code {
            case .invalidOptions: .usage
            case .badInput: .badInput
            case .inputMissing: .missingInput
            case .programMissing: .missingTool
            case .outputNotCreated: .cannotCreateOutput
            case .inputOutput: .inputOutput
            case .timedOut: .timedOut
            case .interrupted(let signal): Status(rawValue: 128 + signal) ?? .terminated
            }
        self.init(status, text)
    }
}

/// Calls a step of a build from code that throws a ``Failure``.
func interim<Value>(_ body: () throws(BuildError) -> Value) throws(Failure) -> Value {
    do throws(BuildError) { return try body() } catch { throw Failure(error) }
}
