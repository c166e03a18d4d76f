import DiskImage

/// On the command line it is `512` or `4096`.
extension SectorSize: NamedChoice {}
