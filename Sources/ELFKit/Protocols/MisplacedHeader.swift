/// Bytes that look like a header of Multiboot or Multiboot2, and that no loader finds.
public struct MisplacedHeader: Equatable, Sendable {
    /// Multiboot or Multiboot2.
    public let kind: ProtocolEvidence.Kind
    /// The offset in the file, in bytes.
    public let offset: UInt64
    /// Why it is no header.
    public let fault: Fault

    /// Why no loader finds a header.
    public enum Fault: Sendable {
        /// The offset is not a multiple of the header's alignment.
        case misaligned
        /// The header is too far from the file's start.
        case tooFar
        /// The checksum and the numbers before it do not add up to 0 modulo 2³².
        case checksum

        /// What is wrong.
        var text: String {
            switch self {
            case .misaligned: "it is not aligned"
            case .tooFar: "it is too far from the file's start"
            case .checksum: "its checksum is wrong"
            }
        }
    }

    /// What a loader looks for.
    var allowed: String {
        kind == .multiboot
            ? "aligned to 4 bytes, in the first 8 KiB, with a sum of 0"
            : "aligned to 8 bytes, in the first 32 KiB, with a sum of 0"
    }

    /// Finds the first one of each kind in the first bytes of a file.
    static func all(inFileStartingWith bytes: RawSpan) -> [MisplacedHeader] {
        var found: [MisplacedHeader] = []
        for offset in stride(from: 0, through: bytes.byteCount - 16, by: 1) {
            let magic: UInt32 = bytes.littleEndian(at: offset)
            let kind: ProtocolEvidence.Kind? =
                switch magic {
                case MultibootHeader.magic: .multiboot
                case Multiboot2Header.magic: .multiboot2
                default: nil
                }
            guard let kind, !found.contains(where: { $0.kind == kind }) else { continue }
            let isFirst = kind == .multiboot
            let words: [UInt32] = (0..<(isFirst ? 3 : 4)).map {
                bytes.littleEndian(at: offset + $0 * 4)
            }
            let isWithin =
                offset + words.count * 4
                <= (isFirst ? MultibootHeader.window : Multiboot2Header.window)
            let isAligned = offset.isMultiple(of: isFirst ? 4 : 8)
            let hasSum = words.reduce(0, &+) == 0
            // Code that looks for headers contains the magic number, too.
            let isPlausible =
                isFirst
                ? words[1] & ~0x1_0007 == 0 : words[1] == 0 && (24...32_768).contains(words[2])
            let fault: Fault? =
                if hasSum {
                    isAligned ? (isWithin ? nil : .tooFar) : .misaligned
                } else {
                    isAligned && isWithin && isPlausible ? .checksum : nil
                }
            if let fault {
                found.append(MisplacedHeader(kind: kind, offset: UInt64(offset), fault: fault))
            }
        }
        return found
    }
}
