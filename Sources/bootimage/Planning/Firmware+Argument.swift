import ArgumentParser

extension Firmware: ExpressibleByArgument {}

extension ImageKind: ExpressibleByArgument {}
