import ArgumentParser
import GuestKit

extension Machine.Chipset: NamedChoice {}

extension Machine.Disk: NamedChoice {}

extension MemorySize: ExpressibleByArgument {}

extension Expectation: ExpressibleByArgument {}
