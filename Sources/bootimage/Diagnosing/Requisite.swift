import SystemPackage

/// Something of this machine's that the tool works with, as it was found.
struct Requisite: Equatable, Sendable {
    /// What is wrong with it, and what to do.
    struct Fault: Equatable, Sendable {
        let problem: String
        let remedy: String
    }

    /// `error` where a fault leaves nothing to run, `note` where something else goes on without it.
    enum Status: String {
        case ok, note, error
    }

    let name: String
    /// What a fault means, as a clause.
    let loss: String
    var isRequired = false
    var version: String?
    var path: FilePath?
    /// The firmware descriptor that names the path.
    var descriptor: FilePath?
    var fault: Fault?

    var status: Status { fault == nil ? .ok : isRequired ? .error : .note }
}

/// All of them.
struct Diagnosis: Equatable, Sendable {
    /// The tool's own version.
    let version: String
    let requisites: [Requisite]

    /// Whether guests can be booted.
    var isUsable: Bool { requisites.allSatisfy { $0.status != .error } }
}
