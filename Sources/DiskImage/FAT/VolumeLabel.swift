/// A volume's name: 1…11 characters that a short name may hold, spaces inside them allowed
/// (FAT 1.03 §6.1, `ATTR_VOLUME_ID`).
public struct VolumeLabel: Hashable, Sendable, CustomStringConvertible {
    /// The characters without the padding.
    public let description: String

    /// The name, or `nil` where FAT does not allow it: empty, too long, small letters, a space at
    /// either end, or other characters that a short name may not hold.
    public init?(_ name: String) {
        let space = UInt8(ascii: " ")
        guard (1...ShortName.byteCount).contains(name.utf8.count),
            name.utf8.first != space, name.utf8.last != space,
            name.utf8.allSatisfy({ ShortName.allows($0) || $0 == space })
        else { return nil }
        description = name
    }

    /// What FAT can tell of any name: its capitals, digits and punctuation, cut to eleven.
    init(fitting name: String) {
        let allowed = name.uppercased().utf8.filter { ShortName.allows($0) }
        let text = String(decoding: allowed.prefix(ShortName.byteCount), as: UTF8.self)
        description = text.isEmpty ? "NO NAME" : text
    }

    /// The eleven bytes on the disk, filled up with spaces.
    var bytes: [UInt8] {
        ByteWriter.write(ShortName.byteCount) {
            $0.append(description, paddedTo: ShortName.byteCount)
        }
    }

    /// Reads eleven bytes; those of some code page become question marks, so that none takes more
    /// room than it had.
    init(decoding bytes: some Collection<UInt8>) {
        let ascii = bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }
        let text = String(decoding: ascii, as: UTF8.self)
        description = String(text.reversed().drop { $0 == " " }.reversed())
    }
}
