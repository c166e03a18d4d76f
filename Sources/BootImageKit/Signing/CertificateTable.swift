import DiskImage

/// The attribute certificate table of a PE program (UEFI 2.10 §32.2.4), which lists signatures.
enum CertificateTable {
    /// WIN_CERT_REVISION_2_0 and WIN_CERT_TYPE_PKCS_SIGNED_DATA.
    private static let (revision, signedDataType): (UInt16, UInt16) = (0x200, 2)
    /// Length, revision and type.
    private static let headerByteCount = 8
    /// Each entry starts at a multiple of this, from the table's start.
    private static let alignment = 8
    private static let largestCount = 8

    /// The PKCS #7 of each entry, with at most 7 bytes of padding.
    static func entries(of table: [UInt8]) throws(SignatureFault) -> [[UInt8]] {
        var entries: [[UInt8]] = []
        var rest = table[...]
        while !rest.isEmpty {
            guard entries.count < largestCount, let entry = entry(at: rest) else {
                throw .badTable
            }
            entries.append(entry)
            let byteCount = headerByteCount + entry.count
            rest = rest.dropFirst(byteCount)
            let padding = (alignment - byteCount % alignment) % alignment
            guard rest.prefix(padding).allSatisfy({ $0 == 0 }) else { throw .trailingBytes }
            rest = rest.dropFirst(padding)
        }
        return entries
    }

    private static func entry(at start: ArraySlice<UInt8>) -> [UInt8]? {
        var reader = ByteReader(start, structure: "certificate table")
        guard let length = try? reader.read(UInt32.self), length > headerByteCount,
            let found = try? (reader.read(UInt16.self), reader.read(UInt16.self)),
            found == (revision, signedDataType)
        else { return nil }
        return (try? reader.read(Int(length) - headerByteCount)).map(Array.init)
    }
}

/// The names in the certificates of signatures that were not verified.
package enum UnverifiedSigners {
    /// Returns those of a loader's signatures; damaged ones have none.
    package static func names(inLoader bytes: [UInt8]) -> [String] {
        names { try PEImage(bytes)?.signatures ?? [] }
    }

    /// Returns those in a certificate table.
    package static func names(inTable bytes: [UInt8]) -> [String] {
        names { try CertificateTable.entries(of: bytes) }
    }

    private static func names(_ entries: () throws -> [[UInt8]]) -> [String] {
        ((try? entries()) ?? []).compactMap { try? AuthenticodeSignature($0).signer.name }
    }
}
