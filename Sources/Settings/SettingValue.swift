package import BootImageKit
package import DiskImage
import GuestKit
import HostSystem
package import SystemPackage

package enum SettingValue: Equatable, Sendable {
    case path(FilePath)
    case word(String)
    case number(Int)
    case flag(Bool)
    case words([String])
    case files([ExtraFile])
    case modules([KernelContent.Module])
    case size(ByteCount)
    case partitions([PartitionRequest])
    /// The last lines of `config.txt`.
    case raspi([String])

    package var toml: String {
        switch self {
        case .path(let path): Self.quoted(path.text)
        case .word(let word): Self.quoted(word)
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .words(let words): Self.array(words)
        case .raspi(let lines): "{ \(SettingsFile.raspiField) = \(Self.array(lines)) }"
        case .files(let files):
            Self.table(files.map { (Self.quoted($0.destination), $0.source.text) })
        case .modules(let modules): Self.array(modules.map(\.argument))
        case .size(let size): Self.quoted(size.sizeText)
        case .partitions(let partitions): "[\(partitions.map(Self.table).joined(separator: ", "))]"
        }
    }

    private static func array(_ words: [String]) -> String {
        "[\(words.map(quoted).joined(separator: ", "))]"
    }

    private static func table(_ partition: PartitionRequest) -> String {
        table(
            [
                ("name", partition.name), ("type", partition.type.text),
                ("size", partition.size.sizeText), ("file-system", partition.fileSystem.rawValue),
            ] + (partition.source.map { [("source", $0.text)] } ?? []))
    }

    private static func table(_ pairs: [(key: String, text: String)]) -> String {
        if pairs.isEmpty { return "{}" }
        return "{ " + pairs.map { "\($0.key) = \(quoted($0.text))" }.joined(separator: ", ") + " }"
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
        case .paths: "an array of paths (strings)"
        case .modules: "an array of strings, each “FILE” or “FILE=STRING”"
        case .choices(let words):
            "an array of any of " + words.map { "“\($0)”" }.joined(separator: ", ")
        case .files: "a table of paths"
        case .size: "a size with its unit (a string), such as “64MiB”"
        case .partitions: "an array of tables, each under [[partition]]"
        case .raspi: "a table with \(SettingsFile.raspiField), an array of strings"
        }
    }

    /// Parses the value of an environment variable; blanks separate the elements of an array.
    func value(ofVariable text: String) -> SettingValue? {
        let found: TOMLValue? =
            switch self {
            case .number, .range: Int(text).map { .integer($0) }
            case .flag:
                ["true": true, "1": true, "false": false, "0": false][text].map { .boolean($0) }
            case .words, .choices, .paths, .modules:
                .array(text.split { $0 == " " || $0 == "\t" }.map { .string(String($0)) })
            default: .string(text)
            }
        return found.flatMap { value($0, in: "") }
    }

    /// Converts a value other than partitions; nil if it is not allowed.
    ///
    /// Paths are relative to `folder`.
    func value(_ found: TOMLValue, in folder: FilePath) -> SettingValue? {
        switch (self, found) {
        case (.path, .string(let text)): return .path(folder.appending(text: text))
        case (.flag, .boolean(let flag)): return .flag(flag)
        case (.number(let numbers), .integer(let number)):
            return numbers.contains(number) ? .number(number) : nil
        case (.range(let range), .integer(let number)):
            return range.contains(number) ? .number(number) : nil
        case (.word(let words), .string(let word)):
            return words?.contains(word) ?? true ? .word(word) : nil
        case (.size, .string(let text)): return ByteCount(sizeText: text).map { .size($0) }
        case (.memory, .string(let text)): return MemorySize(argument: text).map { .word($0.text) }
        case (.words, .array(let values)), (.choices, .array(let values)),
            (.paths, .array(let values)), (.modules, .array(let values)):
            let words = values.compactMap { if case .string(let word) = $0 { word } else { nil } }
            guard words.count == values.count else { return nil }
            if case .choices(let choices) = self, !words.allSatisfy(choices.contains) { return nil }
            if self == .paths {
                return .words(words.map { folder.appending(text: $0).text })
            }
            if self == .modules {
                let modules = words.compactMap { KernelContent.Module(argument: $0, in: folder) }
                return modules.count == words.count ? .modules(modules) : nil
            }
            return .words(words)
        case (.raspi, .table(let entries)):
            guard entries.count == 1, entries[0].key == SettingsFile.raspiField,
                case .words(let lines)? = SettingKey.Kind.words.value(entries[0].value, in: folder)
            else { return nil }
            return .raspi(lines)
        case (.files, .table(let entries)):
            let files = entries.compactMap { entry -> ExtraFile? in
                guard case .string(let source) = entry.value else { return nil }
                return ExtraFile(destination: entry.key, source: folder.appending(text: source))
            }
            return files.count == entries.count ? .files(files) : nil
        default: return nil
        }
    }
}
