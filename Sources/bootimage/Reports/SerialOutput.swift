import ArgumentParser
import HostSystem
import Libc
import SystemPackage

/// How a guest's serial line reaches standard output.
enum SerialOutput: String, NamedChoice {
    /// On a terminal, only text and colours.
    case text
    /// Every byte.
    case raw

    static let help = ArgumentHelp(
        "Pass only text and colours of the serial line to a terminal (text, the default), or every "
            + "byte (raw).", valueName: "text|raw")

    /// Whether control sequences must be removed: a terminal obeys them, and so does GitLab's log.
    func isFiltered(on output: FileDescriptor) -> Bool {
        guard self == .text else { return false }
        if isatty(output.rawValue) == 1 { return true }
        return Environment["GITLAB_CI"] != nil && (try? output.stat().type) != .regular
    }
}

/// Lines around a guest's output in the log of a GitHub job, between which GitHub obeys no command.
///
/// The guest cannot know the token that ends this.
struct CIBracket {
    private let token: String?

    init(_ output: FileDescriptor) {
        let isLog =
            Environment["GITHUB_ACTIONS"] == "true" && (try? output.stat().type) != .regular
        let words = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
        token = isLog ? "bootimage-\(words.0)-\(words.1)" : nil
    }

    func open() throws(Failure) {
        if let token { try Console.print("::stop-commands::\(token)") }
    }

    /// The guest may have left a line without an end.
    func close() throws(Failure) {
        if let token { try Console.print("\n::\(token)::") }
    }
}
