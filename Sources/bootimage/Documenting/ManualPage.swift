import BootImageKit

/// The manual page `bootimage(1)` in mdoc, which mandoc and groff read.
struct ManualPage {
    /// The date of the last major change to the page.
    private static let date = "November 27, 2026"

    let root: CommandInfo

    /// One line per macro or sentence.
    var text: String {
        let name = root.commandName
        let title: [MDoc] = [
            .macro("Dd", [.plain(Self.date)]),
            .macro("Dt", [.plain(name.uppercased()), .plain("1")]),
            .macro("Os", [.plain(name), .plain(Version.current)]),
            .section("NAME"), .macro("Nm", [.plain(name)]),
            .macro("Nd", [.text(root.abstract.map(Self.clause) ?? "")]),
            .section("SYNOPSIS"),
        ]
        let body: [MDoc] =
            title + root.commands.flatMap(synopsis)
            + [.section("DESCRIPTION"), .macro("Nm", [])] + [.prose(ManualText.description)]
            + [.section("COMMANDS")] + root.commands.flatMap(section) + ManualText.sections
        return body.map(\.line).joined(separator: "\n") + "\n"
    }

    /// The abstract as a clause, to follow the name and a dash.
    private static func clause(_ sentence: String) -> String {
        let words = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    private func synopsis(_ command: CommandInfo) -> [MDoc] {
        let arguments = command.ownArguments
        let words = arguments.filter { $0.kind == .positional || $0.followsTerminator }
        var macros: [MDoc] = [
            .macro("Nm", [.plain(root.commandName)]), .macro("Cm", [.text(command.commandName)]),
        ]
        if arguments.contains(where: { $0.kind != .positional }) {
            macros.append(.macro("Op", [.plain("Ar"), .plain("options")]))
        }
        return macros + words.map(Self.operand)
    }

    private static func operand(_ argument: ArgumentInfo) -> MDoc {
        let word: [MDoc.Word] =
            [.text(argument.valueName)] + (argument.isRepeating ? [.plain("...")] : [])
        guard argument.isOptional else { return .macro("Ar", word) }
        let terminator: [MDoc.Word] = argument.followsTerminator ? [.plain("Fl"), .plain("-")] : []
        return .macro("Op", terminator + [.plain("Ar")] + word)
    }

    private func section(_ command: CommandInfo) -> [MDoc] {
        let prose = [command.abstract, command.discussion].compactMap(\.self).map(MDoc.prose)
        return [.macro("Ss", [.text(command.commandName)])] + prose
            + MDoc.list(command.ownArguments.map(Self.item))
    }

    private static func item(_ argument: ArgumentInfo) -> (term: [MDoc.Word], text: String) {
        var words: [MDoc.Word] = []
        for (index, name) in (argument.names ?? []).enumerated() {
            // Fl writes the first hyphen.
            words +=
                (index == 0 ? [] : [.plain(",")]) + [.plain("Fl"), .text(name.text.dropFirst())]
        }
        if argument.kind != .flag { words += [.plain("Ar"), .text(argument.valueName)] }
        let standard = argument.defaultValue.map { " The default is \($0)." } ?? ""
        return (words, (argument.abstract ?? "") + standard)
    }
}
