import DiskImage
import HostSystem

/// A program for UEFI firmware of a 64-bit machine, as far as signing it goes (PE32+; Microsoft's
/// "PE Format").
struct PEImage {
    private static let sectionByteCount = 40
    /// Of the optional header: CheckSum, and the data directory's entry for certificates.
    private static let checksumField = 64
    private static let certificateField = 144

    let bytes: [UInt8]
    private let optionalHeader: Int
    private let sections: [(name: String, range: Range<Int>)]
    /// The attribute certificates, which are no part of any section; empty in an unsigned program.
    let certificates: Range<Int>

    /// Nil for what is no such program, or one whose headers point outside it.
    init?(_ bytes: [UInt8]) {
        guard let header = bytes.number(at: 0x3C, UInt32.self).map(Int.init),
            bytes.starts(with: "MZ".utf8), bytes.number(at: header) == UInt32(0x4550),
            bytes.number(at: header + 24) == UInt16(0x20B),
            let count = bytes.number(at: header + 6, UInt16.self),
            let optionalByteCount = bytes.number(at: header + 20, UInt16.self),
            let certificates = bytes.range(at: header + 24 + Self.certificateField)
        else { return nil }
        optionalHeader = header + 24
        var sections: [(String, Range<Int>)] = []
        for index in 0..<Int(count) {
            let field = optionalHeader + Int(optionalByteCount) + Self.sectionByteCount * index
            // Length and offset stand the other way round.
            guard let byteCount = bytes.number(at: field + 16, UInt32.self),
                let offset = bytes.number(at: field + 20, UInt32.self),
                Int(offset) + Int(byteCount) <= bytes.count
            else { return nil }
            let name = bytes[field..<field + 8].prefix { $0 != 0 }
            let start = Int(offset)
            sections.append((String(decoding: name, as: UTF8.self), start..<start + Int(byteCount)))
        }
        (self.bytes, self.sections, self.certificates) = (bytes, sections, certificates)
    }

    /// The bytes with the right checksum: their sum in words of 16 bits, with all carries, plus
    /// their count.
    var bytesWithChecksum: [UInt8] {
        var bytes = bytes
        let field = optionalHeader + Self.checksumField
        bytes.replaceSubrange(field..<field + 4, with: repeatElement(0, count: 4))
        var sum: UInt32 = 0
        for (offset, byte) in bytes.enumerated() {
            sum += offset % 2 == 0 ? UInt32(byte) : UInt32(byte) << 8
            sum = sum & 0xFFFF + sum >> 16
        }
        sum += UInt32(bytes.count)
        for index in 0..<4 { bytes[field + index] = UInt8(truncatingIfNeeded: sum >> (8 * index)) }
        return bytes
    }

    /// Where a section's bytes are in the file.
    func section(named name: String) -> Range<Int>? { sections.first { $0.name == name }?.range }

    /// What a signature is over: everything but the checksum and what the signature itself changes
    /// (Microsoft's "Windows Authenticode Portable Executable Signature Format").
    var authenticodeDigest: [UInt8] {
        let checksum = optionalHeader + Self.checksumField
        let entry = optionalHeader + Self.certificateField
        let end = certificates.isEmpty ? bytes.count : certificates.lowerBound
        var digest = SHA256Digest()
        for range in [0..<checksum, checksum + 4..<entry, entry + 8..<end] {
            bytes[range].withUnsafeBytes { digest.take($0) }
        }
        return digest.bytes
    }
}

extension [UInt8] {
    /// A little-endian number; nil where it would reach past the end.
    fileprivate func number<Number: FixedWidthInteger & UnsignedInteger>(
        at offset: Int, _: Number.Type = Number.self
    ) -> Number? {
        guard offset >= 0, offset + Number.bitWidth / 8 <= count else { return nil }
        return self[offset..<offset + Number.bitWidth / 8].reversed()
            .reduce(0) { $0 << 8 | Number($1) }
    }

    /// The range that an entry of the data directory tells, offset first; nil if it is not inside.
    fileprivate func range(at offset: Int) -> Range<Int>? {
        guard let start = number(at: offset, UInt32.self),
            let byteCount = number(at: offset + 4, UInt32.self),
            Int(start) + Int(byteCount) <= count
        else { return nil }
        return Int(start)..<Int(start) + Int(byteCount)
    }
}
