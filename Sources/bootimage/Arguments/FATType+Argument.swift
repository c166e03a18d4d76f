import DiskImage

/// On the command line it is `12`, `16` or `32`.
extension FATType: NamedChoice {}
