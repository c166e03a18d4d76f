import ArgumentParser
import BootImageKit
import DiskImage
import ELFKit
import GuestKit

extension Architecture: NamedChoice {}
extension Compression: NamedChoice {}
extension FATType: NamedChoice {}
extension Firmware: NamedChoice {}
extension ImageFormat: NamedChoice {}
extension Machine.Chipset: NamedChoice {}
extension Machine.Disk: NamedChoice {}
extension SectorSize: NamedChoice {}

extension ImageKind: NamedChoice {
    init?(argument: String) {
        guard let kind = Self.forFirmware.first(where: { $0.rawValue == argument }) else {
            return nil
        }
        self = kind
    }

    static var allValueStrings: [String] { forFirmware.map(\.rawValue) }
}

extension Expectation: ExpressibleByArgument {}
extension MemorySize: ExpressibleByArgument {}
