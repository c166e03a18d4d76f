import DiskImage
import ELFKit

/// Why a command ends: one line for the person, one number for the script.
struct Failure: Error, Equatable {
    /// The exit statuses, those of sysexits.h but for the last.
    enum Status: Int32 {
        case usage = 64
        case badInput = 65
        case missingInput = 66
        case missingTool = 69
        case cannotCreateOutput = 73
        case inputOutput = 74
        /// As timeout(1) says it.
        case timedOut = 124
        /// 128 and the number of the signal that asked the command to end.
        case hangUp = 129
        case interrupted = 130
        case terminated = 143
    }

    var status: Status
    /// What could not be done, why, and what to do about it.
    var message: String

    init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
    }
}

extension Failure {
    /// A kernel that cannot be read or must not be loaded.
    init(_ error: ELFError) {
        let status: Status =
            if error.isInputMissing { .missingInput } else if error.isReadFailure {
                .inputOutput
            } else { .badInput }
        self.init(status, "\(error)")
    }

    /// An image that was not written.
    init(_ error: WriteError) {
        let status: Status =
            switch error {
            case .failed(.readInput, _, _), .failed(.write, _, _), .failed(.setSize, _, _),
                .inputTooShort, .inputChanged:
                .inputOutput
            case .failed, .outputNotAFile, .outputNotAFolder, .outputElsewhere,
                .outputInTheWay, .outputIsInput:
                .cannotCreateOutput
            }
        self.init(status, "\(error)")
    }
}
