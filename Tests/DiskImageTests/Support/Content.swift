@testable import DiskImage

/// The bytes of a region in memory; none of an input.
func content(of extent: Extent?) -> [UInt8] {
    guard case .bytes(let bytes) = extent?.content else { return [] }
    return bytes
}

/// The FAT boot sector in a region in memory.
func bootSector(in extent: Extent?) -> FATBootSector {
    FATBootSector(region: Region(place: "boot sector", offset: 0, bytes: content(of: extent)))
}

extension ImageLayout {
    /// The region with that name.
    subscript(name: String) -> Extent? { extents.first { $0.name == name } }
}
