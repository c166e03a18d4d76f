import BootImageKit
import DiskImage
import GuestKit
import HostSystem
import Settings

/// Why a command fails: a message for people and an exit status for scripts.
struct Failure: Error, Equatable {
    /// The exit statuses: those of sysexits.h, and the ones noted below.
    enum Status: Int32 {
        case usage = 64
        case badInput = 65
        case missingInput = 66
        case missingTool = 69
        case cannotCreateOutput = 73
        case inputOutput = 74
        /// Same as timeout(1).
        case timedOut = 124
        /// 128 plus the number of the signal that interrupted the command.
        case hangUp = 129
        case interrupted = 130
        case terminated = 143

        init(signal: Int32) { self = Self(rawValue: 128 + signal) ?? .terminated }

        /// The signal that interrupted the command.
        var signal: Int32? { rawValue > 128 ? rawValue - 128 : nil }
    }

    var status: Status
    /// What failed, why, and what to do.
    var message: String

    init(_ status: Status, _ message: String) {
        (self.status, self.message) = (status, message)
    }

    static func interrupted(by signal: Int32) -> Failure {
        Failure(Status(signal: signal), "interrupted by signal \(signal)")
    }

    /// What a library threw; nil for ArgumentParser's errors and exit codes.
    init?(ofCommand error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as SettingsError: self.init(error)
        case let error as PlanError: self.init(error)
        case let error as BuildError: self.init(error)
        case let error as InspectionError: self.init(error)
        case let error as WriteError: self.init(error)
        case let error as FileError: self.init(error)
        case let error as ProgramError: self.init(error)
        case let error as KeyError: self.init(error)
        case let error as MachineError: self.init(error)
        case let error as GuestError: self.init(error)
        case let problem as WatchedRun.Problem: self.init(problem)
        default: return nil
        }
    }

    init(_ error: SettingsError) {
        switch error {
        case .unreadable: self.init(.missingInput, "\(error)")
        case .variable: self.init(.usage, "\(error)")
        case .file(_, _, .unknownKey(_, nearest: nil)):
            self.init(.badInput, "\(error); `bootimage config` lists all keys")
        case .notText, .otherOwner, .file: self.init(.badInput, "\(error)")
        }
    }
}
