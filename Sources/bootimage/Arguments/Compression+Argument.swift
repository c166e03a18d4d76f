import BootImageKit

extension Compression: NamedChoice {}
