import ArgumentParser
import BootImageKit

/// An option value out of a fixed set, named by its raw value.
///
/// ArgumentParser requests the names of all options' values at every start. Its default
/// implementation looks up conformances at run time, among all of the program; this one saves a
/// third of a millisecond.
protocol NamedChoice: ExpressibleByArgument, CaseIterable, RawRepresentable
where RawValue: ExpressibleByArgument & CustomStringConvertible {}

extension NamedChoice {
    /// The value with that name.
    init?(argument: String) {
        guard let name = RawValue(argument: argument) else { return nil }
        self.init(rawValue: name)
    }

    /// The names, in the order of the cases.
    static var allValueStrings: [String] { allCases.map(\.rawValue.description) }

    /// A shell completes the names.
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

    /// No value has a description besides its name.
    static var allValueDescriptions: [String: String] { [:] }

    /// The name.
    var defaultValueDescription: String { rawValue.description }
}
