import HostSystem
import Settings

extension Failure {
    /// Settings that cannot be used.
    init(_ error: SettingsError) {
        switch error {
        case .unreadable: self.init(.missingInput, "\(error)")
        case .variable: self.init(.usage, "\(error)")
        case .file(_, _, .unknownKey(_, nearest: nil)):
            self.init(.badInput, "\(error); `bootimage config` lists all keys")
        case .notText, .file: self.init(.badInput, "\(error)")
        }
    }
}
