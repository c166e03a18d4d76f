import HostSystem

/// An element of an mdoc(7) page, on a line of its own.
enum MDoc {
    /// A word after a macro.
    enum Word {
        /// A callable macro, or text that needs no escaping.
        case plain(String)
        case text(Substring)

        static func text(_ text: String) -> Word { .text(text[...]) }

        fileprivate var line: String {
            switch self {
            case .plain(let name): name
            // Quotes make it one word, and \& keeps it from being read as a macro.
            case .text(let text): "\"\\&\(MDoc.escaped(text).replacing("\"", with: "\\(dq"))\""
            }
        }
    }

    case macro(String, [Word])
    case prose(String)

    static func section(_ name: String) -> MDoc { .macro("Sh", [.plain(name)]) }

    /// A list of terms with their explanations; nothing for an empty one.
    static func list(_ items: [(term: [Word], text: String)]) -> [MDoc] {
        if items.isEmpty { return [] }
        return [.macro("Bl", [.plain("-tag"), .plain("-width"), .plain("Ds")])]
            + items.flatMap { [.macro("It", $0.term), .prose($0.text)] } + [.macro("El", [])]
    }

    var line: String {
        switch self {
        case .macro(let name, let words):
            return ([".\(name)"] + words.map(\.line)).joined(separator: " ")
        case .prose(let text):
            let lines = MDoc.sentences(text).map { sentence in
                let line = MDoc.escaped(sentence)
                return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&\(line)" : line
            }
            return lines.joined(separator: "\n")
        }
    }

    /// Splits text into sentences: mdoc expects one per line.
    private static func sentences(_ text: String) -> [String] {
        let parts = text.split(separator: ". ", omittingEmptySubsequences: false)
        return parts.dropLast().map { "\($0)." } + parts.suffix(1).map(String.init)
    }

    /// Escapes roff characters; hyphens become those of options.
    private static func escaped(_ text: some StringProtocol) -> String {
        text.map { character in
            switch character {
            case "\\": "\\e"
            case "-": "\\-"
            case "\n": " "
            default: String(character)
            }
        }.joined()
    }
}
