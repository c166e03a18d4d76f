import HostSystem
package import SystemPackage

/// A certificate whose signatures a caller trusts.
package struct TrustedCertificate: Equatable, Sendable {
    package let path: FilePath
    /// The certificate in PEM, as `openssl` prints it.
    let pem: [UInt8]

    private static let largestFile = 1 << 20
    private static let start = Array("-----BEGIN CERTIFICATE-----".utf8)

    /// Loads one certificate, in PEM or DER.
    package init(loading path: FilePath) throws(InspectionError) {
        let bytes = try attempt(path.readAll(atMost: Self.largestFile)) { (error: FileError) in
            InspectionError.cannotOpen(path, error.errno)
        }
        let count = bytes.ranges(of: Self.start).count
        if count > 1 { throw .severalCertificates(path, count: count) }
        self.path = path
        pem = try OpenSSLFolder.with { folder throws(InspectionError) in
            // The path itself could be an option or a URI for openssl.
            let (input, output) = (try folder.write(bytes, "input"), folder.path("output"))
            do throws(ProgramError) {
                try SigningProgram.openssl.run([
                    "x509", "-in", input.text, "-outform", "PEM", "-out", output.text,
                ])
            } catch .failed(_, _, let text) {
                throw .badCertificate(path, output: SigningProgram.reason(in: text))
            } catch {
                throw InspectionError(error)
            }
            return try folder.read("output")
        }
    }
}

/// Verifies signatures with `openssl`, by the rules of UEFI firmware: any certificate in `db` is
/// trusted whether a CA issued it or not, for any purpose, and its dates do not matter (EDK II,
/// Pkcs7Verify).
struct SignatureProver {
    let certificates: [TrustedCertificate]

    /// The state of a signature whose digest is that of its loader.
    func state(
        of signature: AuthenticodeSignature
    ) throws(InspectionError) -> LoaderSignature.State {
        do {
            return try OpenSSLFolder.with { folder throws(InspectionError) in
                try state(of: signature, folder)
            }
        } catch .missingProgram where certificates.isEmpty {
            return .unchecked(.noProgram)
        }
    }

    private func state(
        of signature: AuthenticodeSignature, _ folder: borrowing OpenSSLFolder
    ) throws(InspectionError) -> LoaderSignature.State {
        let common = [
            "smime", "-verify", "-binary", "-inform", "DER",
            "-in", try folder.write(signature.bytes, "signature").text,
            "-content", try folder.write(signature.content, "content").text,
            "-out", "/dev/null",
        ]
        // Whether the signature and the certificate in it match, whoever made that.
        guard try succeeds(common + ["-noverify"]) else { return .invalid(.otherKey) }
        if certificates.isEmpty { return .unverified }
        for certificate in certificates {
            let file = try folder.write(certificate.pem, "certificate")
            // Without the last two, openssl also trusts the system's certificates.
            let isIssuer = try succeeds(
                common + [
                    "-partial_chain", "-purpose", "any", "-no_check_time",
                    "-CAfile", file.text, "-no-CApath", "-no-CAstore",
                ])
            if isIssuer { return .verified(by: certificate.path) }
        }
        return .otherSigner
    }

    private func succeeds(_ arguments: [String]) throws(InspectionError) -> Bool {
        do throws(ProgramError) {
            try SigningProgram.openssl.run(arguments)
            return true
        } catch .failed {
            return false
        } catch .timedOut {
            return false
        } catch {
            throw InspectionError(error)
        }
    }
}

/// A temporary folder for what `openssl` reads and writes.
private struct OpenSSLFolder: ~Copyable {
    private let folder: TemporaryFolder

    private init() throws(InspectionError) {
        folder = try Self.attempt { () throws(FileError) in try TemporaryFolder() }
    }

    /// Runs the body with a folder that is removed afterwards.
    static func with<Value>(
        _ body: (borrowing OpenSSLFolder) throws(InspectionError) -> Value
    ) throws(InspectionError) -> Value {
        try body(OpenSSLFolder())
    }

    func path(_ name: String) -> FilePath { folder.path.appending(name) }

    func write(_ bytes: [UInt8], _ name: String) throws(InspectionError) -> FilePath {
        let path = path(name)
        try Self.attempt { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
        return path
    }

    func read(_ name: String) throws(InspectionError) -> [UInt8] {
        let path = path(name)
        return try Self.attempt { () throws(FileError) in try path.readAll() }
    }

    private static func attempt<Value: ~Copyable>(
        _ step: () throws(FileError) -> Value
    ) throws(InspectionError) -> Value {
        do throws(FileError) { return try step() } catch { throw .temporaryFile(error.errno) }
    }
}

extension InspectionError {
    fileprivate init(_ error: ProgramError) {
        self =
            switch error {
            case .notFound(let name): .missingProgram(name)
            case .interrupted(_, let signal): .interrupted(by: signal)
            case .notStarted(let path, let errno): .cannotOpen(path, errno)
            case .failed(let path, _, _), .timedOut(let path, _): .cannotOpen(path, .ioError)
            }
    }
}
