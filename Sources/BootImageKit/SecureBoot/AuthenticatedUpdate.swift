import DiskImage
import Libc

/// A variable's new value with the signature that authorizes it: EFI_VARIABLE_AUTHENTICATION_2
/// (UEFI 2.10, section 8.2.2).
struct AuthenticatedUpdate {
    /// EFI_CERT_TYPE_PKCS7_GUID.
    private static let pkcs7 = GUID(high: 0x4AAF_D29D_68DF_49EE, low: 0x8AA9_347D_3756_65A7)
    static let timeByteCount = 16

    let variable: FirmwareVariable
    /// Seconds since 1970.
    let seconds: Int

    /// The signed bytes.
    var message: [UInt8] {
        let attributes = ByteWriter.write(GUID.byteCount + 4) { writer in
            writer.append(variable.vendor)
            writer.append(variable.attributes)
        }
        return variable.nameBytes + attributes + time + variable.data
    }

    /// The file that firmware enrols, with a signature of ``message``: SignedData in DER.
    func bytes(signature: [UInt8]) -> [UInt8] {
        let certificateByteCount = 8 + GUID.byteCount + signature.count
        return time
            + ByteWriter.write(certificateByteCount) { writer in
                writer.append(UInt32(certificateByteCount))
                writer.append(UInt16(0x0200))
                // WIN_CERT_TYPE_EFI_GUID.
                writer.append(UInt16(0x0EF1))
                writer.append(Self.pkcs7)
                writer.append(signature)
            } + variable.data
    }

    /// The moment, UTC: EFI_TIME (section 8.3.1), in an update with zeros except for the date and
    /// the time of day (section 8.2.2).
    private var time: [UInt8] {
        var seconds = seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return ByteWriter.write(Self.timeByteCount) { writer in
            writer.append(UInt16(parts.tm_year + 1900))
            writer.append(
                [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec]
                    .map { UInt8($0) })
            writer.appendZerosToEnd()
        }
    }
}
