import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import LoaderTables

/// How the loader checks and decompresses the modules that kernels name.
struct LoaderContentTests {
    /// Digests of RFC 7693, appendix A, and of b2sum(1).
    @Test(arguments: [
        (
            0,
            "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
                + "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce"
        ),
        (
            3,
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
        ),
    ])
    func `BLAKE2b gives known digests`(_ count: Int, _ digest: String) {
        #expect(Self.digest(of: Data("abc".utf8.prefix(count))) == digest)
    }

    @Test(.needs("b2sum"), arguments: [1, 7, 127, 128, 129, 255, 256, 257, 100_000])
    func `BLAKE2b agrees with b2sum`(_ count: Int) async throws {
        let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) })
        try await withTemporaryFolder { folder in
            let file = folder.appending("bytes").string
            try bytes.write(to: URL(filePath: file))
            let line = try await Tool(name: "b2sum").succeed([file])
            #expect(line.output.hasPrefix(Self.digest(of: bytes) + " "))
        }
    }

    @Test(.needs("gzip"), arguments: ["-1", "-6", "-9"])
    func `what gzip compressed is restored`(_ level: String) async throws {
        for bytes in Self.samples {
            let file = try await Self.compress(bytes, level)
            #expect(try Self.decompress(file) == bytes)
        }
    }

    @Test(.needs("gzip"))
    func `damaged gzip files are refused or restored, and nothing else happens`() async throws {
        var random = SplitMix64(state: 3)
        for bytes in Self.samples {
            let file = try await Self.compress(bytes, "-9")
            for length in [0, 1, 17, 18, file.count / 2, file.count - 1] where length < file.count {
                #expect(throws: GZIPFile.Damage.self) { try Self.decompress(file.prefix(length)) }
            }
            for _ in 0..<300 {
                var changed = file
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let index = Int.random(in: 0..<changed.count, using: &random)
                    changed[index] = UInt8.random(in: 0...255, using: &random)
                }
                if let result = try? Self.decompress(changed) { #expect(result == bytes) }
            }
        }
    }

    private static let samples = [
        Data(), Data("a".utf8), Data(repeating: 7, count: 200_000),
        Data((0..<30_000).map { UInt8(truncatingIfNeeded: $0 &* 0x9E37_79B9 >> 13) }),
        Data((0..<9000).flatMap { "\($0 % 77) ".utf8 }),
    ]

    private static func compress(_ bytes: Data, _ level: String) async throws -> Data {
        try await withTemporaryFolder { folder in
            let file = folder.appending("bytes").string
            try bytes.write(to: URL(filePath: file))
            try await Tool(name: "gzip").succeed([level, file])
            return try Data(contentsOf: URL(filePath: file + ".gz"))
        }
    }

    private static func digest(of bytes: Data) -> String {
        let words = withMemory(bytes) { BLAKE2b.digest(of: $0) }
        var text = ""
        for index in words.indices {
            text += String(format: "%016lx", words[index].byteSwapped)
        }
        return text
    }

    private static func decompress(_ file: Data) throws -> Data {
        try withMemory(file) { memory in
            let contents = try GZIPFile(memory)
            return try withMemory(Data(count: Int(contents.byteCount))) { output in
                try contents.decompress(into: output)
                return Data(output.bytes)
            }
        }
    }

    private static func withMemory<Result>(
        _ bytes: Data, _ body: (PhysicalMemory) throws -> Result
    ) rethrows -> Result {
        var bytes = bytes + [0]
        let count = UInt64(bytes.count - 1)
        return try bytes.withUnsafeMutableBytes { buffer in
            let start = UInt64(UInt(bitPattern: buffer.baseAddress))
            return try body(PhysicalMemory(PhysicalAddress(start), byteCount: count))
        }
    }
}
