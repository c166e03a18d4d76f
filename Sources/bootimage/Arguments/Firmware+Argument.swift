import BootImageKit
import DiskImage

extension Firmware: NamedChoice {}

extension ImageKind: NamedChoice {
    init?(argument: String) {
        guard let kind = Self.forFirmware.first(where: { $0.rawValue == argument }) else {
            return nil
        }
        self = kind
    }

    static var allValueStrings: [String] { forFirmware.map(\.rawValue) }
}
