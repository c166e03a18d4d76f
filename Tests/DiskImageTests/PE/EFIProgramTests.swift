import SystemPackage
import TestSupport
import Testing

@testable import DiskImage

/// A signed loader has the digest of the unsigned one.
struct EFIProgramTests {
    private static func loader() throws -> [UInt8] {
        try read(Project.root.appending("Bootloader/Prebuilt/BOOTX64.EFI"))
    }

    /// An offset in the code, after the headers.
    private static let code = 2048

    /// The offsets of the fields that signing changes.
    private static func fields(_ bytes: [UInt8]) -> (checksum: Int, certificates: Int) {
        let optional = Int(bytes[0x3C]) + Int(bytes[0x3D]) << 8 + 24
        return (optional + 64, optional + 112 + 4 * 8)
    }

    @Test func `signing does not change the digest`() throws {
        let plain = try Self.loader()
        var signed = plain
        let (checksum, certificates) = Self.fields(plain)
        let start = [24, 16, 8, 0].reversed().map { UInt8(truncatingIfNeeded: plain.count >> $0) }
        signed.replaceSubrange(checksum..<checksum + 4, with: [1, 2, 3, 4])
        signed.replaceSubrange(certificates..<certificates + 8, with: start + [16, 0, 0, 0])
        signed += [UInt8](repeating: 7, count: 16)
        #expect(EFIProgram(signed).isSigned && !EFIProgram(plain).isSigned)
        #expect(EFIProgram(signed).digest == EFIProgram(plain).digest)
        signed[Self.code] ^= 1
        #expect(EFIProgram(signed).digest != EFIProgram(plain).digest)
    }

    @Test func `embedded digests do not change the digest`() throws {
        let plain = try Self.loader()
        let name = try #require(plain.firstRange(of: Array(".digests".utf8)))
        let start = (20..<24).reversed().reduce(0) { $0 << 8 | Int(plain[name.lowerBound + $1]) }
        var filled = plain
        filled.replaceSubrange(start..<start + 4, with: [1, 2, 3, 4])
        #expect(EFIProgram(filled).digest == EFIProgram(plain).digest)
        filled[Self.code] ^= 1
        #expect(EFIProgram(filled).digest != EFIProgram(plain).digest)
    }

    @Test func `arbitrary bytes never trap`() throws {
        let plain = try Self.loader()
        for length in [0, 1, 2, 63, 64, 100, 200, 300, 512] {
            #expect(!EFIProgram(Array(plain.prefix(length))).isSigned)
        }
        for offset in 0..<512 {
            for byte in [0, 0x7F, 0xFF] as [UInt8] {
                var bytes = plain
                bytes[offset] = byte
                _ = EFIProgram(bytes)
            }
        }
    }
}
