import SystemPackage

/// Runs the build tool that makes the kernel which `bootimage.toml` names.
enum KernelBuilder {
    /// Runs `build-command`, and returns the kernel's path.
    static func run(_ settings: Settings) throws(Failure) -> FilePath {
        guard let kernel = settings.path(.kernel) else {
            throw Failure(
                .usage,
                "no kernel is named; name one, or say kernel = \"PATH\" in \(SettingsFile.name)")
        }
        let words = settings.words(.buildCommand) ?? []
        guard let name = words.first else { return kernel }
        guard let program = name.contains("/") ? FilePath(name) : Executable.find(name) else {
            throw Failure(.missingTool, "build-command: \(name) is not on PATH")
        }
        let ending: ChildProcess.Ending
        do throws(Errno) {
            ending = try ChildProcess.run(program, Array(words.dropFirst()))
        } catch {
            throw Failure(.missingTool, "build-command: \(program) cannot be started: \(error)")
        }
        guard ending == .exited(0) else {
            throw Failure(.badInput, "build-command: \(name) \(ending.text); see above")
        }
        return kernel
    }
}

extension ChildProcess.Ending {
    fileprivate var text: String {
        switch self {
        case .exited(let status): "ended with status \(status)"
        case .killed(let signal), .asked(let signal): "was ended by signal \(signal)"
        case .timedOut: "did not end in time"
        }
    }
}
