import ArgumentParser

extension MachineShape.Chipset: ExpressibleByArgument {}

extension MachineShape.Disk: ExpressibleByArgument {}

extension MemorySize: ExpressibleByArgument {}
