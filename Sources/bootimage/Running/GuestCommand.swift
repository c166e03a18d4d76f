import SystemPackage

/// The command that boots an image: QEMU as it is found on this machine, or what `bootimage.toml`
/// says.
struct GuestCommand: Equatable, Sendable {
    /// What the guest is run for, which chooses the arguments in `bootimage.toml`.
    enum Purpose {
        /// To be used, for as long as it likes.
        case use
        /// For its verdict.
        case test
    }

    var program: FilePath
    var arguments: [String]
    /// What it boots.
    var image: FilePath
    /// Whether QEMU tells an observer what happens; a command of the user's does not.
    var isObserved = false

    /// The command for an image: `run-command`, then the purpose's arguments, then the user's own.
    ///
    /// An observer has given QEMU descriptors through which it tells of what happens.
    static func locate(
        image: FilePath, of guest: Guest, on machine: MachineRequest = MachineRequest(),
        for purpose: Purpose = .use,
        headless: Bool, observation: QEMUInvocation.Observation = .none, _ settings: Settings,
        extra: [String]
    ) throws(Failure) -> Self {
        let extra = purpose.arguments(settings) + extra
        if let words = settings.words(.runCommand) {
            guard machine.secureBootKeys == nil else {
                throw Failure(
                    .usage,
                    "--secure-boot is for QEMU as this tool starts it, and run-command is set")
            }
            return try Self(words, image: image, extra: extra)
        }
        let invocation = try QEMUInvocation.locate(
            image: image, format: guest.format, firmware: guest.firmware,
            machine: MachineShape(
                settings.filling(machine), sectorSize: guest.sectorSize,
                for: guest.architectures),
            headless: headless, observation: observation, extra: extra)
        return Self(
            program: invocation.executable, arguments: invocation.arguments, image: image,
            isObserved: observation != .none)
    }

    /// A command of the user's, with the image's path for each `{}`.
    private init(_ words: [String], image: FilePath, extra: [String]) throws(Failure) {
        guard let name = words.first, words.contains(where: { $0.contains("{}") }) else {
            throw Failure(
                .badInput, "run-command boots nothing; put {} where the image's path goes")
        }
        guard let program = name.contains("/") ? FilePath(name) : Executable.find(name) else {
            throw Failure(.missingTool, "run-command: \(name) is not on PATH")
        }
        self.program = program
        self.image = image
        arguments = words.dropFirst().map { $0.replacing("{}", with: image.string) } + extra
    }

    init(program: FilePath, arguments: [String], image: FilePath, isObserved: Bool = false) {
        (self.program, self.arguments, self.image) = (program, arguments, image)
        self.isObserved = isObserved
    }

    /// The whole command as a shell takes it.
    var shellLine: String {
        ([program.string] + arguments).map(Self.quoted).joined(separator: " ")
    }

    static func quoted(_ word: String) -> String {
        let safe = { (character: Character) in
            character.isLetter || character.isNumber || "-_./=,:+@".contains(character)
        }
        if !word.isEmpty, word.allSatisfy(safe) { return word }
        return "'\(word.replacing("'", with: #"'\''"#))'"
    }
}

extension GuestCommand.Purpose {
    /// What `bootimage.toml` adds.
    fileprivate func arguments(_ settings: Settings) -> [String] {
        switch self {
        case .use: settings.words(.runArgs) ?? []
        case .test:
            (settings.flag(.testNoReboot) ? ["-no-reboot"] : [])
                + (settings.words(.testArgs) ?? [])
        }
    }
}

extension String {
    /// The text with another for each mark.
    ///
    /// By scalars: one that combines with the mark before it must not hide that mark.
    func replacing(_ mark: String, with replacement: String) -> String {
        unicodeScalars.split(separator: mark.unicodeScalars, omittingEmptySubsequences: false)
            .map(String.init).joined(separator: replacement)
    }
}
