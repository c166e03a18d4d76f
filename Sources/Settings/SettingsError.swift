package import SystemPackage

import HostSystem

package enum SettingsError: Error, CustomStringConvertible, Equatable, Sendable {
    case unreadable(FilePath)
    /// The file is in a folder above the current one and belongs to another user.
    case otherOwner(FilePath, owner: UInt32, user: UInt32)
    /// The file is too large or not UTF-8.
    case notText(FilePath, byteLimit: Int)
    case file(FilePath, line: Int, Problem)
    /// An environment variable has a value that its key does not allow.
    case variable(String, found: String, allowed: SettingKey.Kind)

    package enum Problem: CustomStringConvertible, Equatable, Sendable {
        case syntax(TOMLError.Problem)
        case unknownKey(String, nearest: SettingKey?)
        case value(key: String, found: TOMLValue, allowed: SettingKey.Kind)
        case notATable(partition: Int, found: TOMLValue)
        case unknownField(String)
        case partitionType(TOMLValue)
        /// A partition, counted from 1, lacks a required field.
        case missingName(partition: Int)
        case missingSize(partition: Int)

        package var description: String {
            switch self {
            case .syntax(let problem): "\(problem)"
            case .unknownKey(let key, let nearest):
                "unknown key “\(key)”" + (nearest.map { "; did you mean “\($0.rawValue)”?" } ?? "")
            case .value(let key, let found, let allowed):
                "“\(key)” is \(found.description); it must be \(allowed.allowed)"
            case .notATable(let index, let found):
                "partition \(index) is \(found.description); it must be a table"
            case .unknownField(let field):
                "unknown key “\(field)” of a partition; allowed: "
                    + SettingsFile.partitionFields.joined(separator: ", ")
            case .partitionType(let found):
                "“type” is \(found.description); it must be \(SettingsFile.partitionTypes)"
            case .missingName(let index): "partition \(index) has no name; add name = \"NAME\""
            case .missingSize(let index):
                "partition \(index) has neither size nor source; add one, such as size = \"64MiB\""
            }
        }
    }

    package var description: String {
        switch self {
        case .unreadable(let path): "\(path): cannot be read; check the path"
        case .otherOwner(let path, let owner, let user):
            "\(path): belongs to user \(owner), but user \(user) runs the command; if you "
                + "trust it, use --config \(path.text.shellQuoted) or set "
                + "\(SettingsTrust.variable)="
                + path.removingLastComponent().text.shellQuoted
        case .notText(let path, let limit):
            "\(path): not a UTF-8 text file of at most \(limit >> 10) KiB"
        case .file(let path, let line, let problem): "\(path):\(line): \(problem)"
        case .variable(let name, let found, let allowed):
            "\(name) is “\(found)”; it must be \(allowed.allowed)"
        }
    }
}
