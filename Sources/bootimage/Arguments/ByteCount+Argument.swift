public import ArgumentParser
public import DiskImage

import BootImageKit

extension ByteCount: ExpressibleByArgument {
    /// Reads a size such as `64MiB`.
    public init?(argument: String) { self.init(sizeText: argument) }
}
