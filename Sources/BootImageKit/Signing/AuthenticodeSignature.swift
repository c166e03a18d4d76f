/// Why a signature is invalid, whatever key a machine trusts.
public enum SignatureFault: String, Error, CaseIterable, Sendable {
    /// The certificate table has other entries than signatures, or too many.
    case badTable = "bad-table"
    /// There are bytes after the signature, which it does not cover.
    case trailingBytes = "trailing-bytes"
    /// It is not signed data in the form of Authenticode.
    case malformed
    /// It has no signer.
    case noSigner = "no-signer"
    /// It has several signers; Authenticode has one.
    case severalSigners = "several-signers"
    /// It does not contain its signer's certificate.
    case noCertificate = "no-certificate"
    /// It uses another digest than SHA-256, which `verify` does not compute.
    case otherDigest = "other-digest"
    /// It is the signature of other bytes.
    case otherBytes = "other-bytes"
    /// It was not made with the key of the certificate in it.
    case otherKey = "other-key"
}

/// A certificate (X.509, RFC 5280), as far as signatures refer to it.
struct SignerCertificate: Equatable {
    let bytes: [UInt8]
    /// The issuer's name and the serial number, as a signature contains them.
    let identifier: [UInt8]
    /// The subject's common name, or another part of its name; whoever made the certificate chose
    /// it.
    let name: String

    private static let commonName: [UInt8] = [0x06, 0x03, 0x55, 0x04, 0x03]
    private static let longestName = 100

    /// Nil if it is not a certificate.
    init?(_ der: DER, _ element: DER.Element) {
        guard let parts = der.children(of: element, 0x30, 0x30, 0x03) else { return nil }
        var fields = der.children(of: parts[0])[...]
        // The version, which may be omitted.
        if fields.first?.tag == 0xA0 { fields.removeFirst() }
        guard fields.prefix(5).map(\.tag) == [0x02, 0x30, 0x30, 0x30, 0x30] else { return nil }
        let (serial, issuer) = (fields[fields.startIndex], fields[fields.startIndex + 2])
        bytes = Array(der.bytes[element.range])
        identifier = Array(der.bytes[issuer.range] + der.bytes[serial.range])
        name = Self.name(in: der, fields[fields.startIndex + 4])
    }

    private static func name(in der: DER, _ subject: DER.Element) -> String {
        let attributes = der.children(of: subject).flatMap(der.children(of:))
        let named = attributes.last { der.names(commonName, $0) } ?? attributes.last
        guard let value = named.flatMap({ der.children(of: $0).last }) else { return "?" }
        let content = der.bytes[value.content]
        // A BMPString has two bytes for each character, the others one or more.
        let text =
            value.tag == 0x1E
            ? String(
                decoding: stride(from: 0, to: content.count - 1, by: 2).map { index in
                    UInt16(content[content.startIndex + index]) << 8
                        | UInt16(content[content.startIndex + index + 1])
                }, as: UTF16.self)
            : String(decoding: content, as: UTF8.self)
        return harmless(text)
    }

    /// The name without characters that reorder or break a line, or end a quotation.
    private static func harmless(_ name: String) -> String {
        let scalars = name.unicodeScalars.prefix(longestName).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .initialPunctuation,
                .finalPunctuation:
                "?"
            default: String(scalar)
            }
        }
        return scalars.isEmpty ? "?" : scalars.joined()
    }
}

/// A signature of a PE program (Microsoft's "Windows Authenticode Portable Executable Signature
/// Format"): signed data in PKCS #7 (RFC 2315) with the program's digest.
struct AuthenticodeSignature: Equatable {
    /// The signed data, without padding.
    let bytes: [UInt8]
    /// What the signature covers: the content without its tag and length.
    let content: [UInt8]
    /// The program's SHA-256 digest.
    let digest: [UInt8]
    let signer: SignerCertificate

    private static let signedData: [UInt8] = [
        0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02,
    ]
    private static let contentType: [UInt8] = [
        0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03,
    ]
    /// SPC_INDIRECT_DATA.
    private static let indirectData: [UInt8] = [
        0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x04,
    ]
    private static let sha256: [UInt8] = [
        0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
    ]
    private static let digestByteCount = 32

    /// Reads an entry of the certificate table.
    init(_ entry: [UInt8]) throws(SignatureFault) {
        let der = DER(bytes: entry)
        guard let outer = der.element(at: 0), outer.tag == 0x30 else { throw .malformed }
        let padding = entry[outer.range.upperBound...]
        guard padding.count < 8, padding.allSatisfy({ $0 == 0 }) else { throw .trailingBytes }
        guard let wrapper = der.children(of: outer, 0x06, 0xA0), der.names(Self.signedData, outer),
            let signed = der.children(of: wrapper[1], 0x30)
        else { throw .malformed }
        let fields = der.children(of: signed[0])
        guard fields.prefix(3).map(\.tag) == [0x02, 0x31, 0x30], fields.count >= 4,
            let signers = fields.last, signers.tag == 0x31
        else { throw .malformed }
        let found = der.children(of: signers)
        guard let signer = found.first else {
            throw signers.content.isEmpty ? .noSigner : .malformed
        }
        guard found.count == 1 else { throw .severalSigners }
        let certificates = fields[3...].first { $0.tag == 0xA0 }.map(der.children(of:)) ?? []
        bytes = Array(entry[outer.range])
        (content, digest) = try Self.content(of: der, fields[2])
        self.signer = try Self.certificate(of: der, signer, among: certificates)
    }

    /// Reads the signed content: what is digested of it, and the program's digest.
    private static func content(
        of der: DER, _ element: DER.Element
    ) throws(SignatureFault) -> (bytes: [UInt8], digest: [UInt8]) {
        guard let wrapper = der.children(of: element, 0x06, 0xA0), der.names(indirectData, element),
            let content = der.children(of: wrapper[1], 0x30)?.first,
            let parts = der.children(of: content, 0x30, 0x30),
            let digest = der.children(of: parts[1], 0x30, 0x04)
        else { throw .malformed }
        guard der.names(sha256, digest[0]) else { throw .otherDigest }
        guard digest[1].content.count == digestByteCount else { throw .malformed }
        return (Array(der.bytes[content.content]), Array(der.bytes[digest[1].content]))
    }

    /// Finds the certificate that a signer refers to.
    private static func certificate(
        of der: DER, _ signer: DER.Element, among certificates: [DER.Element]
    ) throws(SignatureFault) -> SignerCertificate {
        let fields = der.children(of: signer)
        // The last one, which is not signed, may be omitted: a time stamp, for example.
        guard [0x02, 0x30, 0x30, 0xA0, 0x30, 0x04].starts(with: fields.prefix(6).map(\.tag)),
            fields.count == 6 || fields.count == 7 && fields[6].tag == 0xA1,
            der.children(of: fields[3]).contains(where: { attribute in
                guard der.names(contentType, attribute),
                    let parts = der.children(of: attribute, 0x06, 0x31)
                else { return false }
                return der.names(indirectData, parts[1])
            })
        else { throw .malformed }
        guard der.names(sha256, fields[2]) else { throw .otherDigest }
        let identifier = der.bytes[fields[1].content]
        guard
            let certificate = certificates.lazy.compactMap({ SignerCertificate(der, $0) })
                .first(where: { $0.identifier.elementsEqual(identifier) })
        else { throw .noCertificate }
        return certificate
    }
}
