import ArgumentParser

extension MachineShape.Chipset: NamedChoice {}

extension MachineShape.Disk: NamedChoice {}

extension MemorySize: ExpressibleByArgument {}
