import Foundation
import SHA2
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit
@testable import HostSystem

/// Compares digests with NIST's examples (FIPS 180-4, "SHA Examples") and with sha256sum.
struct SHA256DigestTests {
    static let examples: [(String, String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ]

    @Test(arguments: examples.indices)
    func `messages have the digests that NIST gives`(_ index: Int) {
        let (message, expected) = Self.examples[index]
        var digest = SHA256Digest()
        digest.take(Array(message.utf8))
        #expect(digest.text == expected)
        #expect(digest.bytes.count == 32)
    }

    @Test func `the digest does not depend on how a message is cut`() {
        let bytes = (0..<200).map { UInt8($0) }
        for length in bytes.indices {
            var whole = SHA256Digest()
            whole.take(Array(bytes[..<length]))
            // The loader digests a file that is in memory as a whole.
            let atOnce = bytes[..<length].withUnsafeBytes { SHA256(of: $0).words }
            let words = atOnce.indices.map { atOnce[$0] }
            #expect(words.flatMap(Self.bigEndianBytes) == whole.bytes, "\(length) bytes at once")
            for cut in [0, 1, 55, 56, 63, 64, 65, 127, 128] where cut <= length {
                var pieces = SHA256Digest()
                pieces.take(Array(bytes[..<cut]))
                _ = pieces.text
                pieces.take(Array(bytes[cut..<length]))
                #expect(pieces.text == whole.text, "\(length) bytes cut at \(cut)")
            }
        }
    }

    private static func bigEndianBytes(of word: UInt32) -> [UInt8] {
        withUnsafeBytes(of: word.bigEndian) { Array($0) }
    }

    @Test(.needs("sha256sum"))
    func `files and parts of them have sha256sum's digests`() async throws {
        try await withTemporaryFolder { folder in
            var generator = SplitMix64(state: 1)
            let bytes = (0..<300_001).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let (file, part) = (folder.appending("file"), folder.appending("part"))
            try write(bytes, to: file)
            try write([7, 8] + bytes[1000..<200_000], to: part)
            let sums = try await Tool(name: "sha256sum").succeed([file.string, part.string]).lines
                .map { String($0.prefix(64)) }
            let whole = try SHA256Digest(of: file)
            #expect(whole.text == sums[0] && whole.byteCount == 300_001)
            let descriptor = try FileDescriptor.open(file, .readOnly)
            try descriptor.closeAfter {
                let input = try ImageInput(descriptor, path: file)
                let content = Content.joined([
                    .bytes([7, 8]),
                    .input(index: 0, offset: ByteCount(1000), length: ByteCount(199_000)),
                ])
                let digest = try SHA256Digest(of: content, in: [input])
                #expect(digest.text == sums[1] && digest.byteCount == 199_002)
                #expect(throws: BuildError.self) {
                    try SHA256Digest(
                        of: .input(index: 0, length: ByteCount(300_002)), in: [input])
                }
            }
        }
    }
}
