/// How an image is made smaller for its way through a network: a program's name but for gzip's.
package enum Compression: String, CaseIterable, Sendable {
    case zstd
    case xz
    case gz

    /// The program that packs and unpacks.
    package var program: String {
        switch self {
        case .zstd: "zstd"
        case .xz: "xz"
        case .gz: "gzip"
        }
    }

    /// Debian's that has the program.
    package var package: String {
        switch self {
        case .zstd: "zstd"
        case .xz: "xz-utils"
        case .gz: "gzip"
        }
    }

    /// What the names of packed files end in, after a dot.
    var fileExtension: String {
        switch self {
        case .zstd: "zst"
        case .xz: "xz"
        case .gz: "gz"
        }
    }

    /// What a packed file begins with (RFC 8878 §3.1.1, The .xz File Format §2.1.1.1, RFC 1952
    /// §2.3.1).
    private var magic: [UInt8] {
        switch self {
        case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
        case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
        case .gz: [0x1F, 0x8B]
        }
    }

    /// The compression of a file that begins with these bytes; nil if it is not packed.
    package init?(startingWith bytes: some Collection<UInt8>) {
        guard let found = Self.allCases.first(where: { bytes.starts(with: $0.magic) }) else {
            return nil
        }
        self = found
    }
}
