import ArgumentParser

extension Compression: ExpressibleByArgument {}
