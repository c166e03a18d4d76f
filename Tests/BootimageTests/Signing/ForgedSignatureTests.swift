import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage

/// `verify` accepts no forged signature, with and without a certificate.
@Suite(.needs("clang", "ld.lld", "openssl", "sbsign", "mcopy"))
struct ForgedSignatureTests {
    struct Forgery: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var fault: SignatureFault
        /// Another loader for the image, with the forged signature.
        var make: @Sendable (SignedLoaderSample) async throws -> [UInt8]
    }

    /// Forged PKCS #7 structures.
    static let structures = [
        Forgery(testDescription: "the hash alone", fault: .malformed) { sample in
            let program = try #require(PEImage(sample.loader))
            return try sample.signed(program.authenticodeDigest)
        },
        Forgery(testDescription: "no signer", fault: .noSigner) { sample in
            try changing(sample) { $0.signers = [] }
        },
        Forgery(testDescription: "two signers", fault: .severalSigners) { sample in
            try changing(sample) { $0.signers += $0.signers }
        },
        Forgery(testDescription: "no certificate", fault: .noCertificate) { sample in
            try changing(sample) { $0.certificates = [] }
        },
        Forgery(testDescription: "the certificate of another key", fault: .noCertificate) {
            sample in
            let other = try read(sample.keys.file(.keyExchange, .encodedCertificate))
            return try changing(sample) { $0.certificates = [try #require(DERTree(other))] }
        },
        Forgery(testDescription: "another key in the certificate", fault: .otherKey) { sample in
            let file = try read(sample.keys.file(.keyExchange, .encodedCertificate))
            let other = try #require(DERTree(file))
            return try changing(sample) { $0.certificates[0][0][6] = other[0][6] }
        },
        Forgery(testDescription: "a changed signature", fault: .otherKey) { sample in
            try changing(sample) { signature in
                guard case .value(let tag, var bytes) = signature.signers[0][5] else { return }
                bytes[9] ^= 1
                signature.signers[0][5] = .value(tag: tag, bytes)
            }
        },
        Forgery(testDescription: "a signature of zeros", fault: .otherKey) { sample in
            try changing(sample) {
                $0.signers[0][5] = .value(tag: 4, .init(repeating: 0, count: 256))
            }
        },
        Forgery(testDescription: "no signed attributes", fault: .malformed) { sample in
            try changing(sample) { $0.signers[0].parts.remove(at: 3) }
        },
        Forgery(testDescription: "the signature of another loader", fault: .otherBytes) { sample in
            let other = try await sample.sign(PrebuiltLoaders.uefi(), .db)
            return try sample.signed(SignedLoaderSample.signature(of: other))
        },
        Forgery(testDescription: "another loader's, with this digest", fault: .otherKey) { sample in
            let other = try await sample.sign(PrebuiltLoaders.uefi(), .db)
            let program = try #require(PEImage(sample.loader))
            let digest = program.authenticodeDigest
            var signature = try tree(of: SignedLoaderSample.signature(of: other))
            signature.digest = .value(tag: 4, digest)
            return try sample.signed(signature.tree.bytes)
        },
        Forgery(testDescription: "a digest of one byte", fault: .malformed) { sample in
            try changing(sample) { $0.digest = .value(tag: 4, [1]) }
        },
        Forgery(testDescription: "a truncated structure", fault: .malformed) { sample in
            try sample.signed(sample.signature.dropLast(9))
        },
        Forgery(testDescription: "an absurd length in it", fault: .malformed) { sample in
            try sample.signed([0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF] + sample.signature.dropFirst(4))
        },
        Forgery(testDescription: "a length in a longer form", fault: .malformed) { sample in
            let signature = try sample.signature
            return try sample.signed([0x30, 0x83, 0] + signature[2...])
        },
        Forgery(testDescription: "an indefinite length", fault: .malformed) { sample in
            try sample.signed([0x30, 0x80] + sample.signature.dropFirst(4) + [0, 0])
        },
    ]

    /// Forged certificate tables.
    static let tables = [
        Forgery(testDescription: "bytes after the structure", fault: .trailingBytes) { sample in
            try sample.signed(sample.signature + Array("unsigned".utf8))
        },
        Forgery(testDescription: "bytes in the padding", fault: .trailingBytes) { sample in
            let entry = SignedLoaderSample.entry(try sample.signature + [7])
            return try SignedLoaderSample.placing(entry, in: sample.loader)
        },
        Forgery(testDescription: "bytes after the table", fault: .trailingBytes) { sample in
            let entry = SignedLoaderSample.entry(try sample.signature)
            return try SignedLoaderSample.placing(
                entry, in: sample.loader, then: Array("unsigned".utf8))
        },
        Forgery(testDescription: "an entry without a length", fault: .badTable) { sample in
            let entry = SignedLoaderSample.entry(try sample.signature, length: 0)
            return try SignedLoaderSample.placing(entry, in: sample.loader)
        },
        Forgery(testDescription: "an entry of 4 GiB", fault: .badTable) { sample in
            let entry = SignedLoaderSample.entry(try sample.signature, length: 0xFFFF_FFFF)
            return try SignedLoaderSample.placing(entry, in: sample.loader)
        },
        Forgery(testDescription: "an entry of another type", fault: .badTable) { sample in
            let entry = SignedLoaderSample.entry(try sample.signature, type: 0xEF1)
            return try SignedLoaderSample.placing(entry, in: sample.loader)
        },
        Forgery(testDescription: "a valid and a forged one", fault: .malformed) { sample in
            let entries = try [sample.signature, [0x30, 0]].flatMap {
                SignedLoaderSample.entry($0)
            }
            return try SignedLoaderSample.placing(entries, in: sample.loader)
        },
        Forgery(testDescription: "a loader padded to 2 MiB", fault: .otherBytes) { sample in
            let entry = SignedLoaderSample.entry(try sample.signature)
            return try SignedLoaderSample.placing(
                entry, in: sample.unsigned + [UInt8](repeating: 0, count: 2 << 20))
        },
        Forgery(testDescription: "a hundred valid ones", fault: .badTable) { sample in
            let entry = SignedLoaderSample.entry(try sample.signature)
            return try SignedLoaderSample.placing(
                Array([[UInt8]](repeating: entry, count: 100).joined()), in: sample.loader)
        },
    ]

    @Test(arguments: structures + tables)
    func `a forged signature is an error`(_ forgery: Forgery) async throws {
        try await SignedLoaderSample.with { sample in
            try await sample.place(forgery.make(sample))
            for certificates in [[], [sample.certificate(.db).string]] {
                let report = try BootImage.verify(sample.image.string, certificates: certificates)
                #expect(!report.verification.isSound)
                let states = report.signatures.map(\.state)
                #expect(states.contains(.invalid(forgery.fault)), "\(states)")
                #expect(
                    report.verification.findings.map(\.rule).contains(.loaderSignature),
                    "\(report.verification.findings)")
            }
        }
    }

    @Test func `certificates in the headers are no certificates`() async throws {
        try await SignedLoaderSample.with { sample in
            let field = try #require(PEHeaders(sample.loader)?.certificatesField)
            var loader = sample.loader
            loader.replaceSubrange(field, with: [64, 0, 0, 0, 8, 0, 0, 0])
            try await sample.place(loader)
            let path = sample.image.string
            let certificates = [sample.certificate(.db).string]
            let report = try BootImage.verify(path, certificates: certificates)
            #expect(report.signatures.map(\.state) == [.unchecked(.notPE)])
            #expect(!report.verification.isSound)
            #expect(try BootImage.verify(path).signatures.map(\.state) == [.unchecked(.notPE)])
        }
    }

    @Test func `damaged signatures are read without a trap, and have no other digest`() async throws
    {
        try await SignedLoaderSample.with { sample in
            let signature = try sample.signature
            let digest = try AuthenticodeSignature(signature).digest
            for index in signature.indices {
                for change in [UInt8(0x01), 0x80, 0xFF] {
                    var changed = signature
                    changed[index] ^= change
                    if let found = try? AuthenticodeSignature(changed), found.digest != digest {
                        // The digest's own 32 bytes, which openssl then finds changed.
                        #expect(zip(found.digest, digest).count { $0 != $1 } == 1)
                    }
                }
                let start = Array(signature[..<index])
                #expect(throws: SignatureFault.self) { try AuthenticodeSignature(start) }
            }
        }
    }

    @Test func `every fault is in the table`() {
        // Another digest than SHA-256 is an obstacle, not a fault.
        let faults = Set((Self.structures + Self.tables).map(\.fault))
        #expect(faults == Set(SignatureFault.allCases).subtracting([.otherDigest]))
    }

    private static func tree(of signature: [UInt8]) throws -> SignedDataTree {
        let tree = try #require(SignedDataTree(signature))
        try #require(tree.tree.bytes == signature)
        return tree
    }

    private static func changing(
        _ sample: SignedLoaderSample, _ change: (inout SignedDataTree) throws -> Void
    ) throws -> [UInt8] {
        var signature = try tree(of: sample.signature)
        try change(&signature)
        return try sample.signed(signature.tree.bytes)
    }
}
