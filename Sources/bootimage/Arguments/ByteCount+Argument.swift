public import ArgumentParser
public import DiskImage

import BootImageKit

// A public type's conformance is public, and so are the imports that it needs.
extension ByteCount: ExpressibleByArgument {
    /// Parses a size such as `64MiB`.
    public init?(argument: String) { self.init(sizeText: argument) }
}
