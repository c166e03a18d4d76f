/// How an image is compressed; the raw value is the option's.
package enum Compression: String, CaseIterable, Sendable {
    case zstd
    case xz
    case gz

    package var program: String { self == .gz ? "gzip" : rawValue }

    var fileExtension: String { self == .zstd ? "zst" : rawValue }

    /// The first bytes of a compressed file (RFC 8878 §3.1.1, The .xz File Format §2.1.1.1,
    /// RFC 1952 §2.3.1).
    private var magic: [UInt8] {
        switch self {
        case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
        case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
        case .gz: [0x1F, 0x8B]
        }
    }

    /// The compression of a file that starts with these bytes; nil if it is not compressed.
    package init?(startingWith bytes: some Collection<UInt8>) {
        guard let found = Self.allCases.first(where: { bytes.starts(with: $0.magic) }) else {
            return nil
        }
        self = found
    }
}
