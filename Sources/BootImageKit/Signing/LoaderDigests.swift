import DiskImage

/// The digests of the files that a signed loader may start (Bootloader/UEFI/include/digests.h).
struct LoaderDigests: Equatable {
    private static let sectionName = ".digests"
    private static let signature = Array("BOOTDGST".utf8)
    private static let version: UInt32 = 2
    private static let byteCount = 512
    private static let digestByteCount = 32

    /// The SHA-256 digests of the files in the image.
    var digests: [FileRole: [UInt8]]
    /// A number for people, larger in newer builds; at least 1.
    var buildNumber: UInt64?
}

extension LoaderDigests {
    /// Reads the table in a loader; nil if it has none, or an empty one.
    init?(in loader: PEImage) {
        guard let section = loader.section(named: Self.sectionName),
            section.count >= Self.byteCount
        else { return nil }
        var reader = ByteReader(
            loader.bytes[section].prefix(Self.byteCount), structure: Self.sectionName)
        do throws(FormatError) {
            guard try Array(reader.read(Self.signature.count)) == Self.signature,
                try reader.read() == Self.version, try reader.read() == UInt32(1)
            else { return nil }
            let presence: UInt32 = try reader.read()
            try reader.skip(4)
            let number: UInt64 = try reader.read()
            buildNumber = number == 0 ? nil : number
            digests = [:]
            for (index, role) in FileRole.allCases.enumerated() {
                let digest = Array(try reader.read(Self.digestByteCount))
                if presence >> index & 1 != 0 { digests[role] = digest }
            }
        } catch {
            return nil
        }
    }

    /// Whether a loader has room for the table, which every UEFI loader of this project has.
    static func isPlace(in loader: PEImage) -> Bool {
        loader.section(named: sectionName).map { $0.count >= byteCount } ?? false
    }

    /// Returns the loader with this table; nil if it has no room for one.
    func placed(in loader: [UInt8]) -> [UInt8]? {
        guard let image = PEImage(loader), Self.isPlace(in: image),
            let section = image.section(named: Self.sectionName)
        else { return nil }
        var loader = loader
        loader.replaceSubrange(section.prefix(Self.byteCount), with: bytes)
        return loader
    }

    private var bytes: [UInt8] {
        ByteWriter.write(Self.byteCount) { writer in
            writer.append(Self.signature)
            writer.append(Self.version)
            writer.append(UInt32(1))
            writer.append(
                FileRole.allCases.enumerated().reduce(UInt32(0)) { presence, entry in
                    digests[entry.element] == nil ? presence : presence | 1 << entry.offset
                })
            writer.appendZeros(4)
            writer.append(buildNumber ?? 0)
            for role in FileRole.allCases {
                writer.append(digests[role] ?? .init(repeating: 0, count: Self.digestByteCount))
            }
        }
    }
}
