import ArgumentParser
import GuestKit

extension Machine.Chipset: NamedChoice {}

extension Machine.Disk: NamedChoice {}

/// Keeps the conformances of GuestKit's public types inside this module.
protocol ParsedArgument: ExpressibleByArgument {}

extension MemorySize: ParsedArgument {}

extension ExpectedOutcome: ParsedArgument {}
