import SystemPackage

/// A program, firmware or accelerator that the tool works with, as found on this machine.
struct Requisite {
    /// `error` if guests cannot boot with the fault, `note` if they can.
    enum Status: String {
        case ok, note, error
    }

    let name: String
    /// The consequence of a fault, as a clause.
    let loss: String
    var isRequired = false
    var version: String?
    var path: FilePath?
    /// The firmware descriptor that names the path.
    var descriptor: FilePath?
    var fault: (problem: String, remedy: String)?

    var status: Status { fault == nil ? .ok : isRequired ? .error : .note }
}

struct Diagnosis {
    let version: String
    let requisites: [Requisite]

    var isUsable: Bool { requisites.allSatisfy { $0.status != .error } }
}
