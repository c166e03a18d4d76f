import DiskImage
import FoundationEssentials
import HostSystem
import SystemPackage

/// Signs the UEFI loader with `sbsign`.
struct LoaderSigner {
    let identity: SigningIdentity
    /// The signing time in the signature, as a UTCTime: not the clock's, which the program takes,
    /// so that the same inputs give the same bytes.
    let time: String

    /// Returns the loader signed, with these digests in it.
    func sign(_ loader: [UInt8], _ digests: LoaderDigests) throws(BuildError) -> [UInt8] {
        try checkIdentity()
        guard let filled = digests.placed(in: loader) else { throw .signing(.noRoomForDigests) }
        let folder = try attempt(TemporaryFolder(), orThrow: BuildError.file)
        let unsigned = folder.path.appending("loader.efi")
        let output = folder.path.appending("signed.efi")
        try write(filled, to: unsigned)
        try run(
            .sbsign, on: identity.key, "--key", identity.key.argument,
            "--cert", identity.certificate.argument, "--output", output.text, unsigned.text)
        let signed = try settingTime(in: read(output), folder.path)
        try write(signed, to: output)
        try run(
            .sbverify, on: identity.certificate, "--cert", identity.certificate.argument,
            output.text)
        return signed
    }

    private func run(
        _ program: SigningProgram, on file: FilePath, _ arguments: String...
    ) throws(BuildError) {
        try program.run(arguments) { .failed(program: program.rawValue, file, output: $0) }
    }

    private func read(_ path: FilePath) throws(BuildError) -> [UInt8] {
        try attempt(path.readAll(), orThrow: BuildError.file)
    }

    private func write(_ bytes: [UInt8], to path: FilePath) throws(BuildError) {
        try attempt(AtomicFile.write(bytes, to: path), orThrow: BuildError.file)
    }

    /// Refuses unusable files with a clearer reason than the programs give.
    private func checkIdentity() throws(BuildError) {
        for path in [identity.key, identity.certificate] { _ = try read(path) }
        let key = try SigningProgram.openssl.run(
            ["pkey", "-in", identity.key.argument, "-passin", "pass:", "-pubout"]
        ) { .badKey(identity.key, output: $0) }
        let certified = try SigningProgram.openssl.run(
            ["x509", "-in", identity.certificate.argument, "-noout", "-pubkey"]
        ) { .badCertificate(identity.certificate, output: $0) }
        guard Self.isRSA(key) else { throw .signing(.notRSA(identity.key)) }
        guard key == certified else {
            throw .signing(.otherCertificate(identity.certificate, key: identity.key))
        }
    }

    /// Whether a public key in PEM names the algorithm rsaEncryption (RFC 3279, section 2.3.1).
    private static func isRSA(_ publicKey: String) -> Bool {
        let text = publicKey.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        let identifier: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]
        return Data(base64Encoded: text).map { [UInt8]($0).firstRange(of: identifier) != nil }
            ?? false
    }

    /// Replaces the signing time, and signs the signature's attributes again: with RSA and this
    /// padding, the same bytes always get the same signature (RFC 8017, section 8.2).
    private func settingTime(in loader: [UInt8], _ folder: FilePath) throws(BuildError) -> [UInt8] {
        // Its length, revision and type precede the signature (UEFI 2.10, section 32.2.4).
        guard let start = PEImage(loader)?.certificates.lowerBound,
            var signature = SignedData(Array(loader[(start + 8)...])),
            signature.setSigningTime(time), let attributes = signature.signedAttributes
        else { throw .signing(.unknownSignature) }
        let input = folder.appending("attributes")
        let output = folder.appending("signature")
        try write(attributes, to: input)
        try run(
            .openssl, on: identity.key, "dgst", "-sha256", "-sign", identity.key.argument,
            "-passin", "pass:", "-out", output.text, input.text)
        guard signature.setSignature(try read(output)),
            let signed = PEImage(loader[..<(start + 8)] + signature.der.bytes)
        else { throw .signing(.unknownSignature) }
        return signed.bytesWithChecksum
    }
}

extension FATTimestamp {
    /// The moment in ASN.1 (UTCTime, RFC 5280, section 4.1.2.5.1), which ends with the year 2049.
    var utcTime: String {
        let year = min(Int(date >> 9) + 1980, 2049)
        let parts = [
            year % 100, Int(date >> 5 & 0xF), Int(date & 0x1F), Int(time >> 11),
            Int(time >> 5 & 0x3F), Int(time & 0x1F) * 2,
        ]
        return parts.map { ($0 < 10 ? "0" : "") + "\($0)" }.joined() + "Z"
    }
}
