import DiskImage

/// A certificate as firmware's key variables hold it: EFI_SIGNATURE_LIST (UEFI 2.10, section
/// 32.4.1).
struct SignatureList {
    /// EFI_CERT_X509_GUID.
    private static let x509 = GUID(high: 0xA5C0_59A1_94E4_4AA7, low: 0x87B5_AB15_5C2B_F072)
    /// Who put the certificate there: this tool.
    static let owner = GUID(high: 0x5BE1_9D47_2C60_4F3A, low: 0x9E02_71B8_D4A3_6C15)

    /// X.509 in DER.
    let certificate: [UInt8]

    var bytes: [UInt8] {
        let signatureByteCount = GUID.byteCount + certificate.count
        let byteCount = GUID.byteCount + 12 + signatureByteCount
        return ByteWriter.write(byteCount) { writer in
            writer.append(Self.x509)
            writer.append(UInt32(byteCount))
            writer.append(UInt32(0))
            writer.append(UInt32(signatureByteCount))
            writer.append(Self.owner)
            writer.append(certificate)
        }
    }
}
