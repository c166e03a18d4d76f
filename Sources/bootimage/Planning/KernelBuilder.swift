import HostSystem
import Settings
import SystemPackage

/// Runs the build tool that makes the kernel which `bootimage.toml` names.
enum KernelBuilder {
    /// Runs `build-command`, and returns the paths of the tests; without any, that of the kernel.
    static func runForTests(_ settings: Settings) throws(Failure) -> [FilePath] {
        guard let tests = settings.words(.tests), !tests.isEmpty else { return [try run(settings)] }
        try build(settings)
        return tests.map { FilePath(text: $0) }
    }

    /// Runs `build-command` beside `bootimage.toml`, and returns the kernel's path.
    static func run(_ settings: Settings) throws(Failure) -> FilePath {
        guard let kernel = settings.path(.kernel) else {
            throw Failure(
                .usage,
                "no kernel is named; name one, or say kernel = \"PATH\" in \(SettingsFile.name)")
        }
        try build(settings)
        return kernel
    }

    private static func build(_ settings: Settings) throws(Failure) {
        let words = settings.words(.buildCommand) ?? []
        guard let name = words.first else { return }
        let program = try SettingKey.buildCommand.program(name)
        let outcome: Child.Outcome
        do throws(Errno) {
            outcome = try Child.runInForeground(
                program, Array(words.dropFirst()), folder: settings.folder)
        } catch {
            throw Failure(.missingTool, "build-command: \(program) cannot be started: \(error)")
        }
        switch outcome {
        case .ended(.status(0)): break
        case .ended(let exit):
            throw Failure(.badInput, "build-command: \(name) \(exit.text); see above")
        case .interrupted(let signal):
            throw Failure(
                .badInput, "build-command: \(name) \(Exit.signal(signal).text); see above")
        case .timedOut: preconditionFailure("there is no limit")
        }
    }
}

extension SettingKey {
    /// Finds the program that a command's first word names.
    func program(_ name: String) throws(Failure) -> FilePath {
        let program = name.contains("/") ? FilePath(text: name) : Environment.findProgram(name)
        guard let program else {
            throw Failure(.missingTool, "\(rawValue): \(name) is not on PATH")
        }
        return program
    }
}
