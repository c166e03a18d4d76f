import FoundationEssentials

/// A command as `--experimental-dump-help` describes it, as far as the manual needs it.
struct CommandInfo: Decodable {
    private(set) var commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool
    private let subcommands: [CommandInfo]?
    private let arguments: [ArgumentInfo]?

    /// Decodes the root command from the JSON that ArgumentParser prints.
    init(toolInfo: String) throws {
        struct Tool: Decodable { let command: CommandInfo }
        self = try JSONDecoder().decode(Tool.self, from: Data(toolInfo.utf8)).command
    }

    /// The visible subcommands except `help`; a group is replaced by its own subcommands.
    var commands: [CommandInfo] {
        (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
            .flatMap { command in
                let parts = command.commands.map { part in
                    var part = part
                    part.commandName = "\(command.commandName) \(part.commandName)"
                    return part
                }
                return parts.isEmpty ? [command] : parts
            }
    }

    /// The visible arguments in declaration order, without `--help` and `--version`.
    var ownArguments: [ArgumentInfo] {
        (arguments ?? []).filter {
            $0.shouldDisplay && !["help", "version"].contains($0.valueName)
        }
    }
}

/// An option, a flag or a positional argument of a command.
struct ArgumentInfo: Decodable {
    enum Kind: String, Decodable {
        case positional, option, flag
    }

    struct Name: Decodable {
        let kind: String
        let name: String

        var text: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: Kind
    let names: [Name]?
    let valueName: String
    let abstract: String?
    let defaultValue: String?
    let isOptional: Bool
    let isRepeating: Bool
    let shouldDisplay: Bool
    private let parsingStrategy: String

    /// Whether it takes everything after `--`.
    var followsTerminator: Bool {
        parsingStrategy == "postTerminator"
            || kind == .option && parsingStrategy == "allRemainingInput"
    }
}
