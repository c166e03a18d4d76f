import FoundationEssentials
import HostSystem
import SystemPackage

/// A key that signs loaders, and the certificate by which firmware knows it.
package struct SigningIdentity: Equatable, Sendable {
    /// PEM, without a passphrase.
    var key: FilePath
    /// PEM.
    var certificate: FilePath
}

/// Signs the loader for UEFI by `sbsign`.
struct LoaderSigner {
    let identity: SigningIdentity
    /// The time of signing that the signature tells, UTCTime: the program would take the clock's,
    /// and the same inputs give the same bytes.
    let time: String

    /// Signs a loader with these digests in it.
    func sign(_ loader: [UInt8], _ digests: LoaderDigests) throws(Failure) -> [UInt8] {
        try checkIdentity()
        guard let filled = digests.placed(in: loader) else {
            throw Failure(.badInput, "the loader for UEFI has no room for digests")
        }
        let folder: TemporaryFolder
        do throws(FileError) { folder = try TemporaryFolder() } catch { throw Failure(error) }
        let unsigned = folder.path.appending("loader.efi")
        let output = folder.path.appending("signed.efi")
        try writeFile(filled, to: unsigned)
        try SigningProgram.sbsign.run(
            [
                "--key", identity.key.string, "--cert", identity.certificate.string,
                "--output", output.string, unsigned.string,
            ], on: identity.key.string)
        let signed = try settingTime(in: readFile(output), folder.path)
        try writeFile(signed, to: output)
        try SigningProgram.sbverify.run(
            ["--cert", identity.certificate.string, output.string],
            on: identity.certificate.string)
        return signed
    }

    /// Refuses files that cannot be used, in clearer words than the programs have.
    private func checkIdentity() throws(Failure) {
        for path in [identity.key, identity.certificate] { _ = try readFile(path) }
        let key = try SigningProgram.openssl.run(
            ["pkey", "-in", identity.key.string, "-passin", "pass:", "-pubout"],
            on: "\(identity.key): is no private key in PEM without a passphrase")
        let certified = try SigningProgram.openssl.run(
            ["x509", "-in", identity.certificate.string, "-noout", "-pubkey"],
            on: "\(identity.certificate): is no certificate in PEM")
        guard Self.isRSA(key) else {
            throw Failure(
                .badInput,
                "\(identity.key): is no RSA key, which UEFI firmware wants; bootimage keys new "
                    + "makes some")
        }
        guard key == certified else {
            throw Failure(
                .badInput,
                "\(identity.certificate): is not the certificate of \(identity.key); name the one "
                    + "that was made with this key")
        }
    }

    /// Whether a public key in PEM tells the algorithm rsaEncryption (RFC 3279, section 2.3.1).
    private static func isRSA(_ publicKey: String) -> Bool {
        let text = publicKey.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        let identifier: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]
        return Data(base64Encoded: text).map { [UInt8]($0).firstRange(of: identifier) != nil }
            ?? false
    }

    /// Replaces the time of signing, and signs the signature's attributes anew: with RSA and this
    /// padding the same bytes always get the same signature (RFC 8017, section 8.2).
    private func settingTime(
        in loader: [UInt8], _ folder: FilePath
    ) throws(Failure) -> [UInt8] {
        // What precedes the signature: its length, revision and type (UEFI 2.10, section 32.2.4).
        guard let start = PEImage(loader)?.certificates.lowerBound,
            var signature = SignedData(Array(loader[(start + 8)...])),
            signature.setSigningTime(time), let attributes = signature.signedAttributes
        else { throw Self.unknownSignature }
        let input = folder.appending("attributes")
        let output = folder.appending("signature")
        try writeFile(attributes, to: input)
        try SigningProgram.openssl.run(
            [
                "dgst", "-sha256", "-sign", identity.key.string, "-passin", "pass:",
                "-out", output.string, input.string,
            ], on: identity.key.string)
        guard signature.setSignature(try readFile(output)) else {
            throw Self.unknownSignature
        }
        guard let signed = PEImage(loader[..<(start + 8)] + signature.der.bytes) else {
            throw Self.unknownSignature
        }
        return signed.bytesWithChecksum
    }

    private static let unknownSignature = Failure(
        .badInput, "sbsign made a signature of an unknown form; use sbsigntool 0.9.4 or later")
}
