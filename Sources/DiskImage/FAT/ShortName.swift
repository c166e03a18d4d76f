/// The 8.3 name in a directory entry: eleven bytes, padded with spaces, no dot (FAT 1.03 §6.1).
struct ShortName: Hashable, Sendable, CustomStringConvertible {
    /// The eleven bytes: eight of the base, three of the extension.
    let bytes: [UInt8]

    static let byteCount = 11
    static let baseByteCount = 8
    static let extensionByteCount = 3

    private static let space = UInt8(ascii: " ")
    private static let punctuation = Set("$%'-_@~`!(){}^#&".utf8)

    init(base: some Collection<UInt8>, extension: some Collection<UInt8>) {
        bytes = ByteWriter.write(Self.byteCount) { writer in
            writer.append(String(decoding: base, as: UTF8.self), paddedTo: Self.baseByteCount)
            writer.append(
                String(decoding: `extension`, as: UTF8.self), paddedTo: Self.extensionByteCount)
        }
    }

    /// The name that reads as `name`; `nil` unless that is an 8.3 name in capitals.
    init?(exactly name: String) {
        let parts = name.utf8.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let suffix = parts.count == 2 ? parts[1] : Substring().utf8[...]
        guard let base = parts.first, (1...Self.baseByteCount).contains(base.count),
            suffix.count <= Self.extensionByteCount, parts.count == 1 || !suffix.isEmpty,
            base.allSatisfy(Self.allows), suffix.allSatisfy(Self.allows)
        else { return nil }
        self.init(base: base, extension: suffix)
    }

    init(decoding bytes: some Collection<UInt8>) {
        self.bytes = Array(bytes)
    }

    static let itself = Self(base: ".".utf8, extension: "".utf8)
    static let parent = Self(base: "..".utf8, extension: "".utf8)

    /// Whether a short name may contain that byte: ASCII capitals, digits and some punctuation.
    static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: punctuation.contains(byte)
        }
    }

    /// The checksum by which long name entries refer to this name (FAT 1.03 §7.2).
    var checksum: UInt8 {
        bytes.reduce(0) { sum, byte in (sum >> 1 | sum << 7) &+ byte }
    }

    /// The name with its dot, such as `BOOTX64.EFI`.
    var description: String {
        let base = bytes.prefix(Self.baseByteCount).split(separator: Self.space).first ?? []
        let suffix = bytes.dropFirst(Self.baseByteCount).split(separator: Self.space).first ?? []
        return String(decoding: suffix.isEmpty ? base : base + ".".utf8 + suffix, as: UTF8.self)
    }
}

/// A volume's name: 1…11 characters of a short name, and spaces inside (FAT 1.03 §6.1,
/// `ATTR_VOLUME_ID`).
struct VolumeLabel: Hashable, Sendable, CustomStringConvertible {
    /// The characters without the padding.
    let description: String

    /// Checks the label; `nil` if it is empty, too long, starts or ends with a space, or contains
    /// a character that a short name may not contain.
    init?(_ name: String) {
        let space = UInt8(ascii: " ")
        guard (1...ShortName.byteCount).contains(name.utf8.count),
            name.utf8.first != space, name.utf8.last != space,
            name.utf8.allSatisfy({ ShortName.allows($0) || $0 == space })
        else { return nil }
        description = name
    }

    /// The label closest to any name: its capitals, digits and punctuation, cut to eleven.
    init(fitting name: String) {
        let allowed = name.uppercased().utf8.filter { ShortName.allows($0) }
        let text = String(decoding: allowed.prefix(ShortName.byteCount), as: UTF8.self)
        description = text.isEmpty ? "NO NAME" : text
    }

    var bytes: [UInt8] {
        ByteWriter.write(ShortName.byteCount) {
            $0.append(description, paddedTo: ShortName.byteCount)
        }
    }

    /// Reads eleven bytes; those beyond ASCII become question marks, so that none takes more room
    /// than it had.
    init(decoding bytes: some Collection<UInt8>) {
        let ascii = bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }
        let text = String(decoding: ascii, as: UTF8.self)
        description = String(text.reversed().drop { $0 == " " }.reversed())
    }
}
