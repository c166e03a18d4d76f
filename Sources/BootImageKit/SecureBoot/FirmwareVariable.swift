import DiskImage

/// A variable of UEFI firmware's (UEFI 2.10, section 8.2).
struct FirmwareVariable: Equatable {
    /// Non-volatile, for boot services and at run time, authenticated by time.
    static let keyAttributes: UInt32 = 0x27

    let name: String
    let vendor: GUID
    let attributes: UInt32
    let data: [UInt8]

    /// The name in UTF-16, without an end.
    var nameBytes: [UInt8] { name.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
}

/// The keys of Secure Boot (UEFI 2.10, section 32.3), in the order in which they are enrolled: once
/// there is a PK, the others need signatures.
package enum SecureBootKey: String, CaseIterable {
    /// Signatures that may start programs.
    case db
    /// Who may change db.
    case keyExchange = "KEK"
    /// Who may change everything.
    case platform = "PK"

    /// Whose key signs a change of the variable.
    var signer: SecureBootKey { self == .db ? .keyExchange : .platform }

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
