import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage

/// `verify --cert`: whose signature a loader has.
@Suite(.needs("clang", "ld.lld", "openssl", "sbsign", "mcopy"))
struct CertificateVerifyTests {
    /// Verifies the image, which must break this rule only.
    ///
    /// An image with another loader has another identity, which an attacker would adapt.
    private static func verify(
        _ sample: SignedLoaderSample, _ certificates: FilePath..., printing words: String,
        breaking rule: ImageRule? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let verdict = try await Project.bootimage.run(
            ["verify", sample.image.string] + certificates.flatMap { ["--cert", $0.string] })
        let broken = verdict.lines.filter { $0.hasPrefix("  error: ") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
            .filter { $0 != "[image-identity]" }
        let expected = Set([rule].compactMap { $0.map { "[\($0)]" } })
        #expect(Set(broken) == expected, "\(verdict.text)", sourceLocation: sourceLocation)
        #expect(rule == nil || verdict.exitCode == 65, sourceLocation: sourceLocation)
        #expect(verdict.text.contains(words), "\(verdict.text)", sourceLocation: sourceLocation)
    }

    @Test func `a signature is verified by a certificate in PEM or DER`() async throws {
        try await SignedLoaderSample.with { sample in
            let (pem, other) = (sample.certificate(.db), sample.certificate(.keyExchange))
            let der = sample.keys.file(.db, .encodedCertificate)
            let loader = "/EFI/BOOT/BOOTX64.EFI  signed by “bootimage db”"
            try await Self.verify(
                sample, printing: "\(loader), not verified against a certificate")
            for certificate in [pem, der] {
                try await Self.verify(
                    sample, certificate, printing: "\(loader), verified by \(certificate)\n")
            }
            try await Self.verify(sample, other, pem, printing: "verified by \(pem)")
            try await Self.verify(
                sample, other,
                printing: "signature by “bootimage db”, must be one by \(other); ",
                breaking: .loaderSignature)
        }
    }

    @Test func `an unsigned image is refused with a certificate only`() async throws {
        try await SignedLoaderSample.with { sample in
            try await sample.place(PrebuiltLoaders.uefi())
            try await Self.verify(sample, printing: "sound")
            let certificate = sample.certificate(.db)
            try await Self.verify(
                sample, certificate, printing: "signature missing, must be one by \(certificate); ",
                breaking: .loaderSignature)
        }
    }

    @Test func `signed digests in an unsigned loader are an error`() async throws {
        try await SignedLoaderSample.with { sample in
            try await sample.place(sample.unsigned)
            try await Self.verify(
                sample, printing: "signature missing, must be one of this loader",
                breaking: .loaderSignature)
        }
    }

    @Test func `a signed loader that verifies nothing is refused with a certificate`() async throws
    {
        try await SignedLoaderSample.with { sample in
            try await sample.place(sample.sign(PrebuiltLoaders.uefi(), .db))
            try await Self.verify(sample, printing: "sound")
            try await Self.verify(
                sample, sample.certificate(.db), printing: "digest of no file",
                breaking: .loaderDigests)
        }
    }

    @Test func `one of two signatures must be by the certificate`() async throws {
        try await SignedLoaderSample.with { sample in
            try await sample.place(sample.sign(sample.loader, .keyExchange))
            for key in [SecureBootKey.db, .keyExchange] {
                try await Self.verify(
                    sample, sample.certificate(key),
                    printing: "“bootimage \(key.rawValue)”, verified by")
            }
            try await Self.verify(
                sample, sample.certificate(.platform), printing: "“bootimage KEK”, must be",
                breaking: .loaderSignature)
        }
    }

    @Test func `a certificate's issuer and an expired certificate count, as for firmware`()
        async throws
    {
        try await SignedLoaderSample.with { sample in
            let (key, issuer) = (sample.keys.file(.db, .key), sample.certificate(.platform))
            let issued = try await sample.certificate(
                named: "issued", "-CA", issuer.string, "-CAkey",
                sample.keys.file(.platform, .key).string, "-set_serial", "7", "-days", "-1")
            try await sample.place(sample.sign(sample.unsigned, key, issued))
            for certificate in [issuer, issued] {
                try await Self.verify(
                    sample, certificate, printing: "“issued”, verified by \(certificate)")
            }
            // The same key, and a certificate that did not issue this one.
            try await Self.verify(
                sample, sample.certificate(.db), printing: "“issued”, must be",
                breaking: .loaderSignature)
        }
    }

    @Test func `the same name with another key is another signer`() async throws {
        try await SignedLoaderSample.with { sample in
            let other = try await sample.certificate(
                named: "bootimage db", for: .keyExchange, "-signkey",
                sample.keys.file(.keyExchange, .key).string)
            try await sample.place(
                sample.sign(sample.unsigned, sample.keys.file(.keyExchange, .key), other))
            try await Self.verify(
                sample, printing: "signed by “bootimage db”, not verified")
            try await Self.verify(
                sample, sample.certificate(.db), printing: "“bootimage db”, must be",
                breaking: .loaderSignature)
        }
    }

    @Test func `the system's certificates are not trusted`() async throws {
        try await SignedLoaderSample.with { sample in
            try await sample.place(sample.sign(sample.unsigned, .keyExchange))
            let system = try makeFolder(sample.folder.appending("system"))
            let certificate = try read(sample.certificate(.keyExchange))
            try write(certificate, to: system.appending("kek.pem"))
            try await Tool(name: "openssl").succeed(["rehash", system.string])
            let verdict = try await Project.bootimage(
                "verify", sample.image.string, "--cert", sample.certificate(.db).string,
                environment: [
                    "SSL_CERT_DIR": system.string,
                    "SSL_CERT_FILE": system.appending("kek.pem").string,
                ])
            #expect(verdict.exitCode == 65, "\(verdict.text)")
        }
    }

    @Test func `a signer's name cannot say more than a name`() async throws {
        try await SignedLoaderSample.with { sample in
            let (key, name) = (sample.keys.file(.db, .key), "a”, verified by “\u{202E}x\u{1B}[2J")
            let certificate = try await sample.certificate(named: name, "-signkey", key.string)
            try await sample.place(sample.sign(sample.unsigned, key, certificate))
            let expected = "signed by “a?, verified by ??x?[2J”, not verified"
            try await Self.verify(sample, printing: expected)
            let inspection = try await Project.bootimage("inspect", sample.image.string)
            #expect(inspection.output.contains(expected), "\(inspection.output)")
        }
    }

    @Test func `without openssl, only --cert fails`() async throws {
        try await SignedLoaderSample.with { sample in
            let image = sample.image.string
            let verdict = try await Project.bootimage("verify", image, environment: ["PATH": ""])
            #expect(verdict.exitCode == 0)
            #expect(verdict.says("signature not checked: openssl is not on PATH, must"))
            #expect(verdict.says("[loader-signature-unchecked]"), "\(verdict.text)")
            let refusal = try await Project.bootimage(
                "verify", image, "--cert", sample.certificate(.db).string,
                environment: ["PATH": ""])
            refusal.expectRefusal(69, saying: "openssl is not on PATH", "apt install openssl")
        }
    }

    @Test func `a file that is no certificate is refused`() async throws {
        try await SignedLoaderSample.with { sample in
            let (image, file) = (sample.image.string, sample.folder.appending("file.pem"))
            func refuse(_ bytes: [UInt8], _ words: String) async throws {
                try write(bytes, to: file)
                let verdict = try await Project.bootimage("verify", image, "--cert", file.string)
                verdict.expectRefusal(65, saying: "\(file): \(words)")
            }
            try await refuse([], "is not a certificate in PEM or DER")
            try await refuse(read(sample.keys.file(.db, .key)), "is not a certificate")
            let certificate = try read(sample.certificate(.db))
            try await refuse(certificate + certificate, "contains 2 certificates, must contain one")
            let missing = try await Project.bootimage("verify", image, "--cert", "none.pem")
            missing.expectRefusal(66, saying: "none.pem: cannot be read")
        }
    }

    @Test(.needs("sbverify"))
    func `sbverify agrees`() async throws {
        try await SignedLoaderSample.with { sample in
            var changed = sample.loader
            changed[0x500] ^= 1
            let loaders = [
                sample.loader, try await sample.sign(sample.unsigned, .keyExchange),
                try sample.unsigned, changed,
            ]
            let file = sample.folder.appending("checked.efi")
            for (index, loader) in loaders.enumerated() {
                try write(loader, to: file)
                try await sample.place(loader)
                for key in [SecureBootKey.db, .keyExchange] {
                    let certificate = sample.certificate(key).string
                    let other = try await Tool(name: "sbverify").run([
                        "--cert", certificate, file.string,
                    ])
                    let report = try BootImage.verify(
                        sample.image.string, certificates: [certificate])
                    let isRefused = report.verification.findings.contains {
                        $0.rule == .loaderSignature
                    }
                    #expect(isRefused == (other.exitCode != 0), "loader \(index), \(certificate)")
                }
            }
        }
    }

    @Test func `an image without a UEFI loader has no signature`() async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let image = folder.appending("disk.img").string
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "bios", "-o", image,
            ])
            let verdict = try await Project.bootimage(
                "verify", image, "--cert", keys.identity.certificate.string)
            #expect(verdict.exitCode == 65)
            #expect(verdict.says("signature missing: there is no UEFI loader"), "\(verdict.text)")
        }
    }

    @Test func `JSON and the library have the same values`() async throws {
        try await SignedLoaderSample.with { sample in
            let certificate = sample.certificate(.db)
            let report = try BootImage.verify(
                sample.image.string, certificates: [certificate.string])
            let signature = try #require(report.signatures.first)
            #expect(signature.signer == "bootimage db")
            #expect(signature.state == .verified(by: certificate))
            let encoded = try read(sample.keys.file(.db, .encodedCertificate))
            #expect(signature.certificateDigest == SHA256Digest(of: encoded).text)
            let json = try await Project.bootimage(
                "verify", "--json", sample.image.string, "--cert", certificate.string)
            for text in [
                #""state": "verified""#, #""signer": "bootimage db""#,
                "\"verified_by\": \"\(certificate)\"",
            ] {
                #expect(json.output.contains(text), "\(json.output)")
            }
        }
    }
}
