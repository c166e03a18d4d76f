import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import ELFKit

/// `bootimage keys new`: what it makes is what other tools make of the same keys.
@Suite(.needs("openssl"))
struct KeysCommandTests {
    @Test func `a folder of three keys is made, for nobody else to read`() async throws {
        try await withTemporaryFolder { folder in
            let verdict = try await Project.bootimage.run(
                ["keys", "new"], workingDirectory: folder)
            let path = folder.appending(KeyFolder.standard.path.string)
            let all = try names(in: path)
            #expect(
                all
                    == SecureBootKey.allCases.map(\.rawValue).sorted().flatMap { key in
                        ["auth", "cer", "esl", "key", "pem"].map { "\(key).\($0)" }
                    })
            verdict.expectSuccess(
                printing: all.map { "secure-boot-keys/\($0)\n" }.joined())
            #expect(try mode(of: path) == 0o700)
            for name in all where name.hasSuffix(".key") {
                #expect(try mode(of: path.appending(name)) == 0o600)
            }
        }
    }

    @Test func `a certificate says its name, and that it may sign for ten years`() async throws {
        try await withKernelAndKeys { _, _, keys in
            for key in SecureBootKey.allCases {
                let file = keys.file(key, .certificate).string
                let openssl = Tool(name: "openssl")
                try await openssl.succeed(["verify", "-CAfile", file, file])
                let text = try await openssl.succeed(["x509", "-in", file, "-noout", "-text"])
                #expect(text.says("CN = bootimage \(key.rawValue)\n"))
                #expect(text.says("CA:TRUE") && text.says("Public-Key: (2048 bit)"))
                #expect(text.says("sha256WithRSAEncryption"))
                let years = ["x509", "-in", file, "-noout", "-checkend", "\(3649 * 86_400)"]
                try await openssl.succeed(years)
            }
        }
    }

    @Test(.needs("cert-to-efi-sig-list", "sign-efi-sig-list"))
    func `efitools make the same lists and updates`() async throws {
        try await withKernelAndKeys { folder, _, keys in
            let output = folder.appending("output")
            for key in SecureBootKey.allCases {
                let list = keys.file(key, .list)
                try await Tool(name: "cert-to-efi-sig-list").succeed([
                    "-g", "\(SignatureList.owner)", keys.file(key, .certificate).string,
                    output.string,
                ])
                #expect(try read(output) == read(list))
                let update = try read(keys.file(key, .update))
                let numbers = [Int(update[0]) | Int(update[1]) << 8] + update[2..<7].map { Int($0) }
                let signed = try await Tool(name: "sign-efi-sig-list").run(
                    [
                        "-t", Self.text(numbers), "-k", keys.file(key.authorizer, .key).string,
                        "-c", keys.file(key.authorizer, .certificate).string, key.rawValue,
                        list.string, output.string,
                    ], environment: ["TZ": "UTC"])
                #expect(signed.exitCode == 0, "\(signed.text)")
                #expect(try read(output) == update)
            }
        }
    }

    /// A date as that program reads it.
    private static func text(_ numbers: [Int]) -> String {
        let digits = numbers.map { ($0 < 10 ? "0" : "") + "\($0)" }
        return digits[..<3].joined(separator: "-") + " " + digits[3...].joined(separator: ":")
    }

    @Test func `a folder that is there is left alone`() async throws {
        try await withTemporaryFolder { folder in
            let path = try makeFolder(folder.appending("keys"))
            try write("mine".utf8, to: path.appending("PK.key"))
            try await Project.bootimage("keys", "new", "--directory", path.string)
                .expectRefusal(73, saying: "\(path)", "never replaced", "--directory")
            #expect(try names(in: path) == ["PK.key"])
        }
    }

    @Test(
        arguments: [
            (nil, 69, "openssl is not on PATH; install it: apt install openssl"),
            ("echo no luck >&2; exit 1", 73, "openssl says: no luck"),
            ("exit 0", 73, "db.key: cannot be written: No such file"),
        ] as [(String?, Int32, String)])
    func `without a key nothing is left behind`(
        _ script: String?, _ status: Int32, _ words: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let programs = try makeFolder(folder.appending("bin"))
            if let script {
                let path = programs.appending("openssl")
                try write("#!/bin/sh\n\(script)\n".utf8, to: path)
                try await Tool(name: "chmod").succeed(["+x", path.string])
            }
            let keys = folder.appending("keys")
            try await Project.bootimage.run(
                ["keys", "new", "--directory", keys.string],
                environment: ["PATH": programs.string]
            ).expectRefusal(status, saying: words)
            #expect(try names(in: folder) == ["bin"])
        }
    }

    @Test func `a folder that cannot be created is reported`() async throws {
        try await withTemporaryFolder { folder in
            try await Project.bootimage("keys", "new", "--directory", "\(folder)/none/keys")
                .expectRefusal(73, saying: "\(folder)/none: cannot be written")
        }
    }

    private func mode(of path: FilePath) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path.string)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }
}
