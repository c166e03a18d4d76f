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

/// Keeps conformances of the libraries' public types inside this module.
protocol ParsedArgument: ExpressibleByArgument {}

extension ExpectedOutcome: ParsedArgument {}
extension MemorySize: ParsedArgument {}

extension ByteCount: ParsedArgument {
    /// Parses a size such as `64MiB`.
    init?(argument: String) { self.init(sizeText: argument) }
}
