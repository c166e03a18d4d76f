@testable import DiskImage

/// The bytes of a region in memory; none of an input.
func content(of extent: Extent?) -> [UInt8] {
    guard case .bytes(let bytes) = extent?.content else { return [] }
    return bytes
}

/// The structure in a region in memory, field by field.
func region(_ extent: Extent?) -> Region {
    Region(place: "", offset: 0, bytes: content(of: extent))
}

/// The FAT boot sector in a region in memory.
func bootSector(in extent: Extent?) -> FATBootSector {
    FATBootSector(region: region(extent))
}

extension ImageLayout {
    /// The region with that name.
    subscript(name: String) -> Extent? { extents.first { $0.name == name } }
}

/// The bytes of hexadecimal digits; spaces and line ends do not count.
func bytes(hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
