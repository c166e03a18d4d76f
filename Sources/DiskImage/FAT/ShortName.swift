/// The 8.3 name in a directory entry: eleven bytes, padded with spaces, no dot (FAT 1.03 §6.1).
public struct ShortName: Hashable, Sendable, CustomStringConvertible {
    /// The eleven bytes: eight of the base, three of the extension.
    public let bytes: [UInt8]

    /// Size on the disk, in bytes.
    public static let byteCount = 11
    static let baseByteCount = 8
    static let extensionByteCount = 3

    private static let space = UInt8(ascii: " ")
    private static let punctuation = Set("$%'-_@~`!(){}^#&".utf8)

    /// The name of base and extension.
    ///
    /// - Parameters:
    ///   - base: at most eight bytes.
    ///   - extension: at most three bytes.
    init(base: some Collection<UInt8>, extension: some Collection<UInt8>) {
        precondition(base.count <= Self.baseByteCount, "base too long")
        precondition(`extension`.count <= Self.extensionByteCount, "extension too long")
        bytes = ByteWriter.write(Self.byteCount) { writer in
            writer.append(String(decoding: base, as: UTF8.self), paddedTo: Self.baseByteCount)
            writer.append(
                String(decoding: `extension`, as: UTF8.self), paddedTo: Self.extensionByteCount)
        }
    }

    /// The name that reads as `name`, or `nil` where that is not in 8.3 form with capitals.
    public init?(exactly name: String) {
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

    /// `.`, the folder itself.
    static let itself = Self(base: ".".utf8, extension: "".utf8)
    /// `..`, the folder around it.
    static let parent = Self(base: "..".utf8, extension: "".utf8)

    /// Whether a short name may hold that byte: capitals, digits and some punctuation of ASCII.
    static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: punctuation.contains(byte)
        }
    }

    /// The number that ties long name entries to this name (FAT 1.03 §7.2).
    public var checksum: UInt8 {
        bytes.reduce(0) { sum, byte in (sum >> 1 | sum << 7) &+ byte }
    }

    /// The name with its dot, such as `BOOTX64.EFI`.
    public var description: String {
        let base = bytes.prefix(Self.baseByteCount).split(separator: Self.space).first ?? []
        let suffix = bytes.dropFirst(Self.baseByteCount).split(separator: Self.space).first ?? []
        return String(decoding: suffix.isEmpty ? base : base + ".".utf8 + suffix, as: UTF8.self)
    }
}
