import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import ELFKit
@testable import LoaderDigest

/// The digest that the loader computes, and the table that it compares it with.
struct LoaderDigestTests {
    /// Of FIPS 180-4's examples, as NIST gives them.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func `the loader's SHA-256 is NIST's`(_ message: String, _ digest: String) {
        #expect(Self.text(Array(message.utf8)) == digest)
    }

    @Test func `the loader and the builder agree on every length`() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 167) }
        for count in bytes.indices {
            var digest = SHA256Digest()
            bytes[..<count].withUnsafeBytes { digest.take($0) }
            #expect(Self.text(Array(bytes[..<count])) == digest.text, "\(count) bytes")
        }
    }

    private static func text(_ message: [UInt8]) -> String {
        let words = message.withUnsafeBytes { SHA256(of: $0).words }
        return words.indices.map { index in
            let text = String(words[index], radix: 16)
            return String(repeating: "0", count: 8 - text.count) + text
        }.joined()
    }

    @Test func `the table in a loader is read as it was written`() throws {
        let digests = LoaderDigests([
            .kernel: Array(1...32), .bootConfiguration: Array(101...132),
        ])
        let loader = try #require(digests.placed(in: PrebuiltLoaders.uefi()))
        #expect(loader.count == PrebuiltLoaders.uefi().count)
        #expect(LoaderDigests(in: try #require(PEImage(loader))) == digests)
        let plain = try #require(PEImage(PrebuiltLoaders.uefi()))
        #expect(LoaderDigests(in: plain) == nil)
        #expect(digests.placed(in: PrebuiltLoaders.bios) == nil)
    }

    @Test(.needs("sbsign"))
    func `the checksum is the one that sbsign writes`() async throws {
        try await withTemporaryFolder { folder in
            let keys = try await SampleKeys.copy(in: folder).identity
            let loader = folder.appending("loader.efi")
            try write(PrebuiltLoaders.uefi(), to: loader)
            try await Tool(name: "sbsign").succeed([
                "--key", keys.key.string, "--cert", keys.certificate.string, loader.string,
            ])
            let signed = try read(FilePath("\(loader).signed"))
            #expect(try #require(PEImage(signed)).bytesWithChecksum == signed)
        }
    }

    @Test func `what is no program is none`() {
        let loader = PrebuiltLoaders.uefi()
        #expect(PEImage([]) == nil)
        for count in stride(from: 0, to: loader.count, by: 97) {
            // A section must be there, whole.
            #expect(PEImage(Array(loader[..<count])) == nil, "\(count) bytes")
        }
    }
}
