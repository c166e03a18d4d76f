import DiskImage

/// A variable of UEFI firmware (UEFI 2.10, section 8.2).
struct FirmwareVariable: Equatable {
    /// Non-volatile, for boot services and at run time, authenticated by time (section 8.2).
    static let keyAttributes: UInt32 = 0x27

    let name: String
    let vendor: GUID
    let attributes: UInt32
    let data: [UInt8]

    /// The name in UTF-16, without the terminator.
    var nameBytes: [UInt8] { name.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
}

extension SecureBootKey {
    /// The key that signs a change of the variable.
    var authorizer: SecureBootKey { self == .db ? .keyExchange : .platform }

    /// The variable with one certificate.
    func variable(_ list: [UInt8]) -> FirmwareVariable {
        FirmwareVariable(
            name: rawValue, vendor: vendor, attributes: FirmwareVariable.keyAttributes, data: list)
    }

    /// EFI_IMAGE_SECURITY_DATABASE_GUID, EFI_GLOBAL_VARIABLE.
    private var vendor: GUID {
        self == .db
            ? GUID(high: 0xD719_B2CB_3D3A_4596, low: 0xA3BC_DAD0_0E67_656F)
            : GUID(high: 0x8BE4_DF61_93CA_11D2, low: 0xAA0D_00E0_9803_2B8C)
    }
}

/// A certificate in the form of firmware's key variables: EFI_SIGNATURE_LIST (UEFI 2.10, section
/// 32.4.1).
struct SignatureList {
    /// EFI_CERT_X509_GUID.
    private static let x509 = GUID(high: 0xA5C0_59A1_94E4_4AA7, low: 0x87B5_AB15_5C2B_F072)
    /// The owner of the certificate: this tool.
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
