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
    static var choices: [Self] { forFirmware }
}

extension Machine.Chipset: NamedChoice {
    static var choices: [Self] { withFirmware }
}

extension Machine.Disk: NamedChoice {
    static var choices: [Self] { withFirmware }
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
protocol NamedChoice: ExpressibleByArgument, CaseIterable, Equatable, RawRepresentable
where RawValue: ExpressibleByArgument & CustomStringConvertible {
    /// The values that an option accepts; all by default.
    static var choices: [Self] { get }
}

extension NamedChoice {
    init?(argument: String) {
        guard let name = RawValue(argument: argument), let choice = Self(rawValue: name),
            Self.choices.contains(choice)
        else { return nil }
        self = choice
    }

    static var choices: [Self] { Array(allCases) }

    static var allValueStrings: [String] { choices.map(\.rawValue.description) }

    /// A shell completes the names.
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

    /// No value has a description besides its name.
    static var allValueDescriptions: [String: String] { [:] }

    var defaultValueDescription: String { rawValue.description }
}
