import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import ELFKit

/// What cannot sign: one line, and the old image stays.
@Suite(.needs("clang", "ld.lld", "openssl", "sbsign", "sbverify"))
struct SigningRefusalTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var status: Int32
        var words: String
        var key = "keys/db.key"
        var certificate = "keys/db.pem"
    }

    static let cases = [
        Case(
            testDescription: "no such key", status: 66,
            words: "none.key: cannot be read: No such file or directory", key: "none.key"),
        Case(
            testDescription: "no such certificate", status: 66, words: "none.pem: cannot be read",
            certificate: "none.pem"),
        Case(
            testDescription: "a certificate for a key", status: 65,
            words: "db.pem: not a private key in PEM without a passphrase", key: "keys/db.pem"),
        Case(
            testDescription: "a key with a passphrase", status: 65,
            words: "locked.key: not a private key in PEM without a passphrase", key: "locked.key"),
        Case(
            testDescription: "a key for a certificate", status: 65,
            words: "db.key: not a certificate in PEM", certificate: "keys/db.key"),
        Case(
            testDescription: "another key's certificate", status: 65,
            words: "KEK.pem: not the certificate of ", certificate: "keys/KEK.pem"),
        Case(
            testDescription: "a key on an elliptic curve", status: 65,
            words: "curve.key: not an RSA key", key: "curve.key", certificate: "curve.pem"),
    ]

    @Test(arguments: cases)
    func `what cannot sign is refused`(_ refusal: Case) async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let openssl = Tool(name: "openssl")
            try await openssl.succeed([
                "pkey", "-in", keys.identity.key.string, "-aes256", "-passout", "pass:secret",
                "-out", "\(folder)/locked.key",
            ])
            try await openssl.succeed([
                "req", "-new", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-subj", "/CN=curve", "-keyout", "\(folder)/curve.key",
                "-out", "\(folder)/curve.pem",
            ])
            let image = folder.appending("disk.img")
            try write("old".utf8, to: image)
            try await Project.bootimage(
                "build", kernel.string, "--firmware", "uefi", "-o", image.string, "--sign-key",
                "\(folder)/\(refusal.key)", "--sign-cert", "\(folder)/\(refusal.certificate)"
            ).expectRefusal(refusal.status, saying: refusal.words)
            #expect(try read(image) == Array("old".utf8))
        }
    }

    @Test(arguments: [
        ("openssl", "install it: apt install openssl"),
        ("sbsign", "install it: apt install sbsigntool"),
        ("sbverify", "install it: apt install sbsigntool"),
    ])
    func `a program that is missing is told`(_ name: String, _ remedy: String) async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let programs = try makeFolder(folder.appending("bin"))
            for other in ["openssl", "sbsign", "sbverify"] where other != name {
                let path = try #require(Tool.path(of: other)).string
                try await Tool(name: "ln").succeed(["-s", path, programs.string])
            }
            let build = ["build", kernel.string, "--firmware", "uefi"] + keys.signingOptions
            try await Project.bootimage.run(build, environment: ["PATH": programs.string])
                .expectRefusal(69, saying: "\(name) is not on PATH", remedy)
            #expect(try names(in: folder) == ["bin", "kernel.elf", "keys"])
        }
    }

    @Test func `what sbsign says is passed on`() async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let programs = try makeFolder(folder.appending("bin"))
            let path = programs.appending("sbsign")
            try write("#!/bin/sh\necho Signing; echo the moon is wrong >&2; exit 1".utf8, to: path)
            try await Tool(name: "chmod").succeed(["+x", path.string])
            let openssl = try #require(Tool.path(of: "openssl")).string
            let sbverify = try #require(Tool.path(of: "sbverify")).string
            try await Tool(name: "ln").succeed(["-s", openssl, sbverify, programs.string])
            let build = ["build", kernel.string, "--firmware", "uefi"] + keys.signingOptions
            try await Project.bootimage.run(build, environment: ["PATH": programs.string])
                .expectRefusal(65, saying: "db.key: sbsign says: the moon is wrong")
        }
    }

    @Test(arguments: [
        (["build", "KERNEL", "--sign-key", "a"], "--sign-key needs --sign-cert"),
        (["build", "KERNEL", "--sign-cert", "a"], "--sign-cert needs --sign-key"),
        (
            ["build", "KERNEL", "--firmware", "bios", "--sign-key", "a", "--sign-cert", "b"],
            "--sign-key signs the UEFI loader, and no image has one: use --firmware uefi"
        ),
        (["run", "KERNEL", "--keys", "a"], "--keys needs --secure-boot"),
        (
            ["run", "KERNEL", "--secure-boot", "--keys", "KEYS", "--firmware", "bios"],
            "--secure-boot needs UEFI"
        ),
        (
            ["run", "KERNEL", "--secure-boot", "--keys", "KEYS", "--machine", "pc"],
            "--secure-boot needs --machine q35"
        ),
        (
            ["run", "KERNEL", "--secure-boot", "--keys", "KEYS", "--disk", "ide"],
            "--secure-boot needs --machine q35"
        ),
        (["run", "IMAGE", "--secure-boot", "--keys", "KEYS"], "--secure-boot needs UEFI"),
        (["run", "IMAGE", "--sign-key", "a"], "--sign-key applies when an image is built"),
    ])
    func `what contradicts itself is the user's mistake`(
        _ words: [String], _ text: String
    ) async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let image = folder.appending("disk.img").string
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "bios", "-o", image,
            ])
            let names = ["KERNEL": kernel.string, "IMAGE": image, "KEYS": keys.path.string]
            let verdict = try await Project.bootimage.run(words.map { names[$0] ?? $0 })
            #expect(verdict.exitCode == 64)
            #expect(verdict.error.contains(text), "\(verdict.text)")
        }
    }

    @Test func `run without keys tells how to make some`() async throws {
        try await withKernel { folder, kernel in
            for options in [[], ["--keys", "\(folder)/none"]] {
                let verdict = try await Project.bootimage.run(
                    ["run", kernel.string, "--secure-boot"] + options, workingDirectory: folder)
                verdict.expectRefusal(66, saying: "cannot be read", "bootimage keys new", "--keys")
            }
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test func `run-command and Secure Boot do not go together`() async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let file = folder.appending("bootimage.toml")
            try write("run-command = [\"true\", \"{}\"]".utf8, to: file)
            try await Project.bootimage(
                "run", kernel.string, "--secure-boot", "--keys", keys.path.string, "--config",
                file.string
            ).expectRefusal(64, saying: "--secure-boot", "run-command")
        }
    }

    @Test func `firmware without Secure Boot is none for it`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let folders: [FilePath] = ["/etc/qemu/firmware", "/usr/share/qemu/firmware"]
            for name in folders.flatMap({ (try? names(in: $0)) ?? [] }) {
                try write([], to: qemu.firmwareFolder.appending(name))
            }
            let keys = try await SampleKeys.copy(in: folder)
            let image = folder.appending("disk.img").string
            try await Project.bootimage.succeed(
                ["build", kernel, "--firmware", "uefi", "-o", image] + keys.signingOptions)
            try await qemu.run(["run", image, "--secure-boot", "--keys", keys.path.string])
                .expectRefusal(69, saying: "no UEFI firmware for QEMU with Secure Boot", "ovmf")
        }
    }
}
