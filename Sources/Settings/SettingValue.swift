package import BootImageKit
package import DiskImage
import GuestKit
package import SystemPackage

/// The value of a setting.
package enum SettingValue: Equatable, Sendable {
    case path(FilePath)
    case word(String)
    case number(Int)
    case flag(Bool)
    case words([String])
    case files([ExtraFile])
    case size(ByteCount)
    case partitions([PartitionRequest])

    /// The value in TOML syntax.
    package var toml: String {
        switch self {
        case .path(let path): Self.quoted(path.string)
        case .word(let word): Self.quoted(word)
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .words(let words): "[\(words.map(Self.quoted).joined(separator: ", "))]"
        case .files(let files):
            "{ "
                + files.map { "\(Self.quoted($0.destination)) = \(Self.quoted($0.source.string))" }
                .joined(separator: ", ") + " }"
        case .size(let size): Self.quoted(size.sizeText)
        case .partitions(let partitions):
            "[\(partitions.map(Self.table).joined(separator: ", "))]"
        }
    }

    private static func table(_ partition: PartitionRequest) -> String {
        var pairs = [
            ("name", partition.name), ("type", partition.type.text),
            ("size", partition.size.sizeText), ("file-system", partition.fileSystem.rawValue),
        ]
        if let source = partition.source { pairs.append(("source", source.string)) }
        return "{ " + pairs.map { "\($0.0) = \(quoted($0.1))" }.joined(separator: ", ") + " }"
    }

    /// A basic string (TOML 1.0, "String").
    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\u{0}"..<" ", "\u{7F}":
                "\\u" + String(scalar.value + 0x1_0000, radix: 16).dropFirst()
            default: String(scalar)
            }
        }
        return "\"\(scalars.joined())\""
    }
}

extension SettingKey.Kind {
    /// The allowed values, for a message.
    package var allowed: String {
        switch self {
        case .path: "a path (a string)"
        case .word(let words?): words.map { "“\($0)”" }.joined(separator: " or ")
        case .word(nil): "a string"
        case .memory: "an amount of memory (a string), such as “256M” or “2G”"
        case .number(let numbers): numbers.map(String.init).joined(separator: " or ")
        case .range(let range): "an integer, \(range.lowerBound)…\(range.upperBound)"
        case .flag: "true or false"
        case .words: "an array of strings"
        case .choices(let words):
            "an array of any of " + words.map { "“\($0)”" }.joined(separator: ", ")
        case .files: "a table of paths"
        case .size: "a size with its unit (a string), such as “64MiB”"
        case .partitions: "an array of tables, each under [[partition]]"
        }
    }

    /// Parses the value of an environment variable; blanks separate the elements of an array.
    func value(ofVariable text: String) -> SettingValue? {
        switch self {
        case .path: .path(FilePath(text))
        case .word(let words): words?.contains(text) ?? true ? .word(text) : nil
        case .memory: MemorySize(argument: text).map { .word($0.text) }
        case .number(let numbers): Int(text).flatMap { numbers.contains($0) ? .number($0) : nil }
        case .range(let range): Int(text).flatMap { range.contains($0) ? .number($0) : nil }
        case .flag: ["true": true, "1": true, "false": false, "0": false][text].map { .flag($0) }
        case .words: .words(Self.words(text))
        case .choices(let choices):
            Self.words(text).allSatisfy(choices.contains) ? .words(Self.words(text)) : nil
        case .size: ByteCount(sizeText: text).map { .size($0) }
        case .files, .partitions: nil
        }
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\t" }.map(String.init)
    }
}
