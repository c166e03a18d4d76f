/// Why a command ends: one line for the person, one number for the script.
package struct Failure: Error, Equatable {
    /// The exit statuses, those of sysexits.h but for the last.
    package enum Status: Int32 {
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

    package var status: Status
    /// What could not be done, why, and what to do about it.
    package var message: String

    package init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
    }
}
