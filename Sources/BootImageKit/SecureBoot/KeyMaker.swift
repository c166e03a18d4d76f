package import HostSystem
package import SystemPackage

import FoundationEssentials
import Libc

/// Makes a folder of new keys: all of it, or nothing.
package struct KeyMaker {
    /// What the certificates say: whose they are, and that they may sign.
    private static let configuration = """
        [req]
        distinguished_name = name
        x509_extensions = extensions
        prompt = no
        [name]
        [extensions]
        basicConstraints = critical, CA:TRUE
        subjectKeyIdentifier = hash

        """
    /// Firmware has no idea of the time; people have.
    private static let days = 3650

    private let draft: KeyFolder
    private let time: FirmwareTime

    /// Makes the keys beside the folder first; it gets its name at the end.
    ///
    /// - Returns: The files, as they are called then.
    package static func make(_ folder: KeyFolder, time: FirmwareTime = .now) throws(Failure)
        -> [FilePath]
    {
        guard !FileManager.default.fileExists(atPath: folder.path.string) else {
            throw Failure(
                .cannotCreateOutput,
                "\(folder.path): is there already, and keys are never replaced; name another "
                    + "--directory")
        }
        var draft: TemporaryFolder
        do throws(FileError) { draft = try TemporaryFolder(beside: folder.path) } catch {
            throw Failure(error)
        }
        let names = try KeyMaker(draft: KeyFolder(path: draft.path), time: time).makeAll()
        do throws(FileError) { try draft.take(folder.path) } catch { throw Failure(error) }
        return names.map { folder.path.appending($0) }
    }

    private init(draft: KeyFolder, time: FirmwareTime) { (self.draft, self.time) = (draft, time) }

    private func makeAll() throws(Failure) -> [String] {
        let configuration = draft.path.appending("configuration")
        try writeFile(Array(Self.configuration.utf8), to: configuration)
        for key in SecureBootKey.allCases { try makeKey(key, configuration) }
        for key in SecureBootKey.allCases { try makeUpdate(key) }
        do {
            try FileManager.default.removeItem(atPath: configuration.string)
            return try FileManager.default.contentsOfDirectory(atPath: draft.path.string).sorted()
        } catch {
            throw Failure(.inputOutput, "\(draft.path): \(error)")
        }
    }

    /// Key, certificate in both forms, and list.
    private func makeKey(_ key: SecureBootKey, _ configuration: FilePath) throws(Failure) {
        let file = draft.file(key, .key)
        let certificate = draft.file(key, .certificate)
        let encoded = draft.file(key, .encodedCertificate)
        try openssl([
            "req", "-new", "-x509", "-newkey", "rsa:2048", "-sha256", "-nodes",
            "-days", "\(Self.days)", "-config", configuration.string,
            "-subj", "/CN=bootimage \(key.rawValue)",
            "-keyout", file.string, "-out", certificate.string,
        ])
        guard chmod(file.string, 0o600) == 0 else {
            throw Failure(
                .cannotCreateOutput,
                "\(file): is not as openssl should have made it: "
                    + "\(Errno(rawValue: errno))")
        }
        try openssl(["x509", "-in", certificate.string, "-outform", "DER", "-out", encoded.string])
        let list = SignatureList(certificate: try readFile(encoded))
        try writeFile(list.bytes, to: draft.file(key, .list))
    }

    /// The list signed by whoever may change the variable; firmware wants the signature bare, of
    /// nothing but the message.
    private func makeUpdate(_ key: SecureBootKey) throws(Failure) {
        let list = try readFile(draft.file(key, .list))
        let update = AuthenticatedUpdate(variable: key.variable(list), time: time)
        let message = draft.path.appending("message")
        let output = draft.path.appending("signature")
        try writeFile(update.message, to: message)
        try openssl([
            "smime", "-sign", "-binary", "-noattr", "-md", "sha256", "-outform", "DER",
            "-signer", draft.file(key.signer, .certificate).string,
            "-inkey", draft.file(key.signer, .key).string,
            "-in", message.string, "-out", output.string,
        ])
        guard let signature = SignedData(try readFile(output)) else {
            throw Failure(.badInput, "openssl made a signature of an unknown form")
        }
        try writeFile(
            update.bytes(signature: signature.contentBytes), to: draft.file(key, .update))
        for file in [message, output] {
            try? FileManager.default.removeItem(atPath: file.string)
        }
    }

    private func openssl(_ arguments: [String]) throws(Failure) {
        try SigningProgram.openssl.run(
            arguments, on: draft.path.string, .cannotCreateOutput)
    }
}
