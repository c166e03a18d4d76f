import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit

/// A signed image of a test's own, and loaders to put into it.
struct SignedLoaderSample {
    let folder: FilePath
    let keys: KeyFolder
    let image: FilePath
    /// The loader in the image, signed by the key `db`.
    let loader: [UInt8]

    /// Builds the image.
    static func with(_ body: (SignedLoaderSample) async throws -> Void) async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let image = folder.appending("disk.img")
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--firmware", "uefi", "-o", image.string]
                    + keys.signingOptions)
            let loader = folder.appending("loader.efi")
            try await Tool(name: "mcopy").succeed([
                "-i", "\(image)@@1M", "::/EFI/BOOT/BOOTX64.EFI", loader.string,
            ])
            try await body(
                SignedLoaderSample(
                    folder: folder, keys: keys, image: image, loader: try read(loader)))
        }
    }

    func certificate(_ key: SecureBootKey) -> FilePath { keys.file(key, .certificate) }

    /// Puts other bytes in the loader's place.
    func place(_ loader: [UInt8]) async throws {
        let file = folder.appending("other.efi")
        try write(loader, to: file)
        try await Tool(name: "mcopy").succeed([
            "-o", "-i", "\(image)@@1M", file.string, "::/EFI/BOOT/BOOTX64.EFI",
        ])
    }

    /// Signs a loader in addition to the signatures that it has.
    func sign(_ loader: [UInt8], _ key: FilePath, _ certificate: FilePath) async throws -> [UInt8] {
        let (input, output) = (folder.appending("in.efi"), folder.appending("out.efi"))
        try write(loader, to: input)
        try await Tool(name: "sbsign").succeed([
            "--key", key.string, "--cert", certificate.string, "--output", output.string,
            input.string,
        ])
        return try read(output)
    }

    func sign(_ loader: [UInt8], _ key: SecureBootKey) async throws -> [UInt8] {
        try await sign(loader, keys.file(key, .key), certificate(key))
    }

    /// Makes a certificate for the key `db`, by a request with that subject.
    func certificate(
        named name: String, for key: SecureBootKey = .db, _ options: String...
    ) async throws -> FilePath {
        let request = folder.appending("request.pem")
        let output = folder.appending("made.pem")
        try await Tool(name: "openssl").succeed([
            "req", "-new", "-utf8", "-key", keys.file(key, .key).string, "-subj", "/CN=\(name)",
            "-out", request.string,
        ])
        try await Tool(name: "openssl").succeed(
            ["x509", "-req", "-in", request.string, "-out", output.string] + options)
        return output
    }

    /// The signature's PKCS #7.
    var signature: [UInt8] {
        get throws { try Self.signature(of: loader) }
    }

    /// The PKCS #7 of a loader's first signature.
    static func signature(of loader: [UInt8]) throws -> [UInt8] {
        let program = try #require(PEImage(loader))
        let signatures = try program.signatures
        return try #require(signatures.first)
    }

    /// The loader without a signature.
    var unsigned: [UInt8] {
        get throws { try Self.placing([], in: loader) }
    }

    /// The loader with this signature instead of its own.
    func signed(_ pkcs7: [UInt8]) throws -> [UInt8] {
        try Self.placing(Self.entry(pkcs7), in: loader)
    }

    /// An entry of the certificate table, padded.
    static func entry(_ pkcs7: [UInt8], length: Int? = nil, type: UInt16 = 2) -> [UInt8] {
        let bytes =
            ByteWriter.write(8) { writer in
                writer.append(UInt32(length ?? pkcs7.count + 8))
                writer.append(UInt16(0x200))
                writer.append(type)
            } + pkcs7
        return bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
    }

    /// The loader with this certificate table, and bytes after it.
    static func placing(
        _ table: [UInt8], in loader: [UInt8], then rest: [UInt8] = []
    ) throws -> [UInt8] {
        let certificates = try #require(PEImage(loader)).certificates
        let field = try #require(PEHeaders(loader)?.certificatesField)
        var loader = loader
        if !certificates.isEmpty { loader.removeSubrange(certificates.lowerBound...) }
        loader.replaceSubrange(
            field,
            with: ByteWriter.write(8) { writer in
                writer.append(UInt32(table.isEmpty ? 0 : loader.count))
                writer.append(UInt32(table.count))
            })
        return loader + table + rest
    }
}
