import BootImageKit
import GuestKit
import HostSystem

/// A part of a page in mdoc(7), on a line of its own.
enum MDoc {
    /// A word after a macro.
    enum Word {
        /// A macro that is called there.
        case macro(String)
        /// What may be put there as it is.
        case plain(String)
        /// The user's text, in which nothing is a macro.
        case text(Substring)

        static func text(_ text: String) -> Word { .text(text[...]) }

        fileprivate var line: String {
            switch self {
            case .macro(let name), .plain(let name): name
            // Quoted, it is one word; \& keeps it from being a macro's name.
            case .text(let text): "\"\\&\(MDoc.escaped(text).replacing("\"", with: "\\(dq"))\""
            }
        }
    }

    case macro(String, [Word])
    case prose(String)

    /// A section's head.
    static func section(_ name: String) -> MDoc { .macro("Sh", [.plain(name)]) }

    /// With what is special to roff escaped.
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

    /// A sentence for each line, as mdoc wants it.
    private static func sentences(_ text: String) -> [Substring] {
        var sentences: [Substring] = []
        var start = text.startIndex
        for end in text.indices where text[end] == "." {
            let next = text.index(after: end)
            guard next < text.endIndex, text[next] == " " else { continue }
            sentences.append(text[start..<next])
            start = text.index(after: next)
        }
        return sentences + (start < text.endIndex ? [text[start...]] : [])
    }

    /// Hyphens are those of options, not of words.
    private static func escaped(_ text: Substring) -> String {
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
