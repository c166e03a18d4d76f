import DiskImage

/// A program for 64-bit UEFI firmware, as far as signing needs it (PE32+).
struct PEImage {
    let bytes: [UInt8]
    private let headers: PEHeaders
    private let sections: [PEHeaders.Section]
    private let certificatesField: Range<Int>
    /// The attribute certificates, which belong to no section; empty in an unsigned program.
    let certificates: Range<Int>

    /// Fails for other files, and for programs whose headers point past their end, or whose
    /// certificates overlap the headers.
    init?(_ bytes: [UInt8]) {
        guard let headers = PEHeaders(bytes), let field = headers.certificatesField,
            let sections = headers.sections,
            headers.certificates.isEmpty || headers.certificates.lowerBound >= field.upperBound,
            (sections.map(\.file) + [headers.certificates])
                .allSatisfy({ $0.upperBound <= bytes.count })
        else { return nil }
        (self.bytes, self.headers, self.sections) = (bytes, headers, sections)
        (certificatesField, certificates) = (field, headers.certificates)
    }

    /// The bytes with the right checksum: their sum in words of 16 bits, with all carries, plus
    /// their count.
    var bytesWithChecksum: [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(headers.checksum, with: repeatElement(0, count: 4))
        var sum: UInt32 = 0
        for (offset, byte) in bytes.enumerated() {
            sum += offset % 2 == 0 ? UInt32(byte) : UInt32(byte) << 8
            sum = sum & 0xFFFF + sum >> 16
        }
        sum += UInt32(bytes.count)
        bytes.replaceSubrange(headers.checksum, with: ByteWriter.write(4) { $0.append(sum) })
        return bytes
    }

    /// Where a section's bytes are in the file.
    func section(named name: String) -> Range<Int>? { sections.first { $0.name == name }?.file }

    /// The digest that a signature signs: everything except the checksum and what signing changes
    /// (Microsoft's "Windows Authenticode Portable Executable Signature Format").
    var authenticodeDigest: [UInt8] {
        let (checksum, entry) = (headers.checksum, certificatesField)
        let end = certificates.isEmpty ? bytes.count : certificates.lowerBound
        var digest = SHA256Digest()
        for range in [
            0..<checksum.lowerBound, checksum.upperBound..<entry.lowerBound,
            entry.upperBound..<end,
        ] {
            digest.take(Array(bytes[range]))
        }
        return digest.bytes
    }

    /// The entries of the attribute certificate table.
    ///
    /// The table must be all of the file after the sections: a signature does not cover it.
    var signatures: [[UInt8]] {
        get throws(SignatureFault) {
            if certificates.isEmpty { return [] }
            let ends = sections.filter { !$0.file.isEmpty }.map(\.file.upperBound)
            guard certificates.upperBound == bytes.count,
                ends.allSatisfy({ $0 <= certificates.lowerBound })
            else { throw .trailingBytes }
            return try CertificateTable.entries(of: Array(bytes[certificates]))
        }
    }
}
