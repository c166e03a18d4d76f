import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit

/// The number of a build in a signed loader: written, printed, and covered by the signature.
@Suite(.needs("clang", "ld.lld", "openssl", "sbsign", "mcopy"))
struct BuildNumberTests {
    /// A report's objects for the loaders in an image.
    private static func loaders(
        _ command: String, _ image: FilePath, _ key: String
    ) async throws -> [[String: Any]] {
        let output = try await Project.bootimage.succeed([command, image.string, "--json"]).output
        let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return try #require((object as? [String: Any])?[key] as? [[String: Any]])
    }

    @Test(arguments: [
        (["--build-number", "1764300000"], "", 1_764_300_000),
        (["--build-number", "9007199254740991"], "1700000000", 9_007_199_254_740_991),
        ([], "1700000000", 1_700_000_000), ([], "", nil), ([], "-1", nil), ([], "0", nil),
    ])
    func `verify and inspect print the number`(
        _ options: [String], _ epoch: String, _ number: UInt64?
    ) async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let image = folder.appending("disk.img")
            let built = try await Project.bootimage.run(
                ["build", kernel.string, "--firmware", "uefi", "-o", image.string] + options
                    + keys.signingOptions, environment: ["SOURCE_DATE_EPOCH": epoch])
            try #require(built.exitCode == 0, "\(built.text)")
            let signer = "signed by “bootimage db”" + (number.map { ", build \($0)" } ?? "")
            for (command, key) in [("verify", "signatures"), ("inspect", "loaders")] {
                let verdict = try await Project.bootimage(command, image.string)
                #expect(verdict.says("\(signer), not verified"), "\(verdict.text)")
                let loader = try #require(try await Self.loaders(command, image, key).first)
                #expect(loader["build_number"] as? UInt64 == number, "\(loader)")
                #expect(loader.keys.contains("build_number"))
            }
        }
    }

    @Test func `a build with another number differs in the loader only`() async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            func loader(_ number: String) async throws -> [UInt8] {
                let image = folder.appending("disk.img").string
                try await Project.bootimage.succeed(
                    [
                        "build", kernel.string, "--firmware", "uefi", "-o", image,
                        "--build-number", number,
                    ] + keys.signingOptions)
                return try read(FilePath(try await SignedBuildTests.loader(of: image, in: folder)))
            }
            func table(_ loader: [UInt8]) throws -> LoaderDigests {
                let program = try #require(PEImage(loader))
                return try #require(LoaderDigests(in: program))
            }
            let (first, again) = (try await loader("1"), try await loader("1"))
            #expect(first == again)
            let older = try table(first)
            var newer = try table(try await loader("2"))
            #expect(newer.buildNumber == 2)
            newer.buildNumber = 1
            #expect(newer == older)
        }
    }

    @Test func `a number that was changed after signing breaks the signature`() async throws {
        try await SignedLoaderSample.with { sample in
            var bytes = sample.loader
            let start = try #require(bytes.firstRange(of: Array("BOOTDGST".utf8))).lowerBound
            bytes[start + 24] ^= 1
            try await sample.place(bytes)
            let verdict = try await Project.bootimage("verify", sample.image.string)
            #expect(verdict.exitCode == 65 && verdict.says("[loader-signature]"))
        }
    }

    @Test(arguments: [
        ("0", true, "--build-number 0: must be 1 to 9007199254740991"),
        ("9007199254740992", true, "--build-number 9007199254740992: must be 1 to"),
        ("x", true, "--build-number"),
        ("1", false, "--build-number needs --sign-key: the number is in what the signature covers"),
    ])
    func `a bad number and a number without a key are refused`(
        _ number: String, _ isSigned: Bool, _ text: String
    ) async throws {
        try await withKernelAndKeys { _, kernel, keys in
            let verdict = try await Project.bootimage.run(
                ["build", kernel.string, "--firmware", "uefi", "--build-number", number]
                    + (isSigned ? keys.signingOptions : []))
            #expect(verdict.exitCode == 64 && verdict.says(text), "\(verdict.text)")
        }
    }
}
