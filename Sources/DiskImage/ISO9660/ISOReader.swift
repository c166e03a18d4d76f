/// The kinds of descriptors (ECMA-119 §8.1.1).
private enum Kind {
    static let bootRecord: UInt8 = 0
    static let primary: UInt8 = 1
    /// Joliet, if it has the escape sequence.
    static let supplementary: UInt8 = 2
    static let terminator: UInt8 = 255
}

/// Reads the descriptors of a volume that starts at the disk's start.
struct ISOReader<Source: DiskSource> {
    let source: Source

    private static var firstDescriptor: UInt64 { 16 }
    /// More than any disc has.
    private static var maximumDescriptors: UInt64 { 32 }
    private static var rootRecord: Range<Int> { 156..<190 }
    private static var block: UInt64 { ISOContents.blockByteCount }

    /// Returns the volume; `nil` without one.
    func volume() throws(DiskReadError) -> ISOContents? {
        var primary: Region?
        var joliet: Region?
        var catalog: UInt64?
        var number = Self.firstDescriptor
        while number < Self.firstDescriptor + Self.maximumDescriptors {
            let descriptor = try source.region("", Int(Self.block), at: number * Self.block)
            guard descriptor.bytes[1..<6].elementsEqual(ISODescriptor.identifier) else { break }
            number += 1
            let kind = descriptor.bytes[0]
            if kind == Kind.primary, primary == nil { primary = descriptor }
            if kind == Kind.supplementary, Self.isJoliet(descriptor) { joliet = descriptor }
            if kind == Kind.bootRecord,
                descriptor.bytes[7...].starts(with: ISODescriptor.elTorito.utf8)
            {
                catalog = UInt64(descriptor.number(at: 0x47, UInt32.self)) * Self.block
            }
            if kind == Kind.terminator { break }
        }
        guard let primary else { return nil }
        let label = String(decoding: primary.bytes[40..<72], as: UTF8.self)
        return ISOContents(
            label: String(label.reversed().drop { $0 == " " || $0 == "\0" }.reversed()),
            byteCount: UInt64(primary.number(at: 80, UInt32.self)) * Self.block,
            descriptors: Self.firstDescriptor * Self.block..<number * Self.block,
            catalogOffset: catalog, bootImages: try catalog.map(bootImages) ?? [],
            pathTables: [primary, joliet].compactMap(\.self).flatMap(pathTables),
            hierarchies: try hierarchies(primary, joliet))
    }

    /// Whether it has one of Joliet's escape sequences (Joliet, 1995).
    private static func isJoliet(_ descriptor: Region) -> Bool {
        let escape = Array(descriptor.bytes[88..<91])
        return ["%/@", "%/C", "%/E"].contains { Array($0.utf8) == escape }
    }

    /// The path tables of a hierarchy in both byte orders (ECMA-119 §8.4.13 to §8.4.16).
    private func pathTables(of descriptor: Region) -> [Range<UInt64>] {
        let length = UInt64(descriptor.number(at: 132, UInt32.self))
        let places = [
            descriptor.number(at: 140, UInt32.self),
            descriptor.number(at: 148, UInt32.self).byteSwapped,
        ]
        return places.filter { $0 != 0 }.map { place in
            let start = UInt64(place) * Self.block
            return start..<start + length
        }
    }

    /// The folder trees, longest names first: Rock Ridge's are complete, Joliet's have up to 64
    /// characters.
    private func hierarchies(
        _ primary: Region, _ joliet: Region?
    ) throws(DiskReadError) -> [ISOContents.Hierarchy] {
        var walk = ISOFolderWalk(source: source, isJoliet: false)
        let files = try walk.files(from: primary.part("", Self.rootRecord))
        let plain = ISOContents.Hierarchy(
            naming: walk.hasRockRidge ? .rockRidge : .plain, files: files)
        guard let joliet else { return [plain] }
        var other = ISOFolderWalk(source: source, isJoliet: true)
        let wide = ISOContents.Hierarchy(
            naming: .joliet, files: try other.files(from: joliet.part("", Self.rootRecord)))
        return walk.hasRockRidge ? [plain, wide] : [wide, plain]
    }

    /// The entries in one block: the initial one, then sections with a header each.
    private func bootImages(catalog: UInt64) throws(DiskReadError) -> [ISOContents.BootImage] {
        let entries = try source.region("", Int(Self.block), at: catalog)
        guard entries.bytes[0] == 1 else { return [] }
        var images: [ISOContents.BootImage] = []
        // The first header is for one entry.
        var (platform, rest, hasMore) = (entries.bytes[1], 1, true)
        for start in stride(from: 32, to: entries.bytes.count, by: 32) {
            if rest > 0 {
                images.append(image(entries, at: start, platform: platform))
                rest -= 1
                continue
            }
            let mark = entries.bytes[start]
            guard hasMore, mark == 0x90 || mark == 0x91 else { break }
            platform = entries.bytes[start + 1]
            rest = Int(entries.number(at: start + 2, UInt16.self))
            hasMore = mark == 0x90
        }
        return images
    }

    private func image(_ entries: Region, at start: Int, platform: UInt8) -> ISOContents.BootImage {
        let offset = UInt64(entries.number(at: start + 8, UInt32.self)) * Self.block
        let sectors = UInt64(entries.number(at: start + 6, UInt16.self))
        return ISOContents.BootImage(
            platform: platform, isBootable: entries.bytes[start] == 0x88,
            bytes: offset..<offset + sectors * SectorSize.bytes512.byteCount.value)
    }
}
