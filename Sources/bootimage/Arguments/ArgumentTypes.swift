import ArgumentParser
import BootImageKit
import DiskImage
import ELFKit
import GuestKit

extension Architecture: NamedChoice {}
extension Board: NamedChoice {}
extension BootProtocol: NamedChoice {}
extension Compression: NamedChoice {}
extension FATType: NamedChoice {}
extension Firmware: NamedChoice {}
extension ImageFormat: NamedChoice {}
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

extension Machine.Chipset: NamedChoice {
    init?(argument: String) {
        guard let chipset = Self.withFirmware.first(where: { $0.rawValue == argument }) else {
            return nil
        }
        self = chipset
    }

    static var allValueStrings: [String] { withFirmware.map(\.rawValue) }
}

extension Machine.Disk: NamedChoice {
    init?(argument: String) {
        guard let disk = Self.withFirmware.first(where: { $0.rawValue == argument }) else {
            return nil
        }
        self = disk
    }

    static var allValueStrings: [String] { withFirmware.map(\.rawValue) }
}

/// Keeps conformances of the libraries' public types inside this module.
protocol ParsedArgument: ExpressibleByArgument {}

extension ExpectedOutcome: ParsedArgument {}
extension MemorySize: ParsedArgument {}

extension ByteCount: ParsedArgument {
    /// Parses a size such as `64MiB`.
    init?(argument: String) { self.init(sizeText: argument) }
}

/// An option value out of a fixed set, named by its raw value.
///
/// ArgumentParser requests the names of all options' values at every start. Its default
/// implementation looks up conformances at run time, among all of the program; this one saves a
/// third of a millisecond.
protocol NamedChoice: ExpressibleByArgument, CaseIterable, RawRepresentable
where RawValue: ExpressibleByArgument & CustomStringConvertible {}

extension NamedChoice {
    init?(argument: String) {
        guard let name = RawValue(argument: argument) else { return nil }
        self.init(rawValue: name)
    }

    static var allValueStrings: [String] { allCases.map(\.rawValue.description) }

    /// A shell completes the names.
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

    /// No value has a description besides its name.
    static var allValueDescriptions: [String: String] { [:] }

    var defaultValueDescription: String { rawValue.description }
}
