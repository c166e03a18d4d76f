import DiskImage

/// The bytes of a region that lies in memory; none of one that is an input.
func content(of extent: Extent?) -> [UInt8] {
    guard case .bytes(let bytes) = extent?.content else { return [] }
    return bytes
}

extension ImageLayout {
    /// The region with that name.
    subscript(name: String) -> Extent? { extents.first { $0.name == name } }
}
