package import HostSystem
import Libc
package import SystemPackage

/// Why keys were not made, or not enrolled.
package enum KeyError: Error, Equatable, Sendable {
    /// The folder exists, and keys are never replaced.
    case exists(FilePath)
    /// The folder has no readable signature list; its path.
    case noKeys(FilePath)
    case file(FileError)
    case program(ProgramError)
    /// openssl failed; the first line that it printed.
    case opensslFailed(FilePath, output: String?)
    /// openssl wrote a signature of an unknown form.
    case unknownSignature
    /// Keys cannot be enrolled in this file of firmware variables.
    case store(FilePath, VariableStore.Problem)
}

extension KeyError {
    package var code: BootImageError.Code {
        switch self {
        case .exists, .opensslFailed: .outputNotCreated
        case .noKeys: .inputMissing
        case .file(let error): BuildError.file(error).code
        case .program(let error): error.code
        case .unknownSignature, .store: .badInput
        }
    }
}

/// Makes a folder of new keys, completely or not at all.
package struct KeyMaker {
    /// The certificates' subject and extensions: they may sign.
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
    /// Firmware ignores the dates; people read them.
    private static let days = 3650

    private let draft: KeyFolder
    /// When the keys are made, in seconds since 1970.
    private let seconds = time(nil)

    /// Makes the keys in a temporary folder, renames it when all are there, and returns the files'
    /// paths.
    package static func make(_ folder: KeyFolder) throws(KeyError) -> [FilePath] {
        guard (try? folder.path.stat()) == nil else {
            throw .exists(folder.path)
        }
        var draft = try attempt(TemporaryFolder(beside: folder.path), orThrow: KeyError.file)
        let names = try KeyMaker(draft: KeyFolder(path: draft.path)).makeAll()
        try attempt(draft.take(folder.path), orThrow: KeyError.file)
        return names.map { folder.path.appending($0) }
    }

    private func makeAll() throws(KeyError) -> [String] {
        let configuration = draft.path.appending("configuration")
        try write(Array(Self.configuration.utf8), to: configuration)
        for key in SecureBootKey.allCases { try makeKey(key, configuration) }
        for key in SecureBootKey.allCases { try makeUpdate(key) }
        guard configuration.withPlatformString({ unlink($0) }) == 0 else {
            throw .file(.failed(.replace, draft.path, Errno(rawValue: errno)))
        }
        do {
            return try draft.path.names().sorted()
        } catch {
            throw .file(.failed(.replace, draft.path, error))
        }
    }

    /// Key, certificate in both forms, and list.
    private func makeKey(_ key: SecureBootKey, _ configuration: FilePath) throws(KeyError) {
        let file = draft.file(key, .key)
        let certificate = draft.file(key, .certificate)
        let encoded = draft.file(key, .encodedCertificate)
        try openssl(
            "req", "-new", "-x509", "-newkey", "rsa:2048", "-sha256", "-nodes",
            "-days", "\(Self.days)", "-config", configuration.text,
            "-subj", "/CN=bootimage \(key.rawValue)",
            "-keyout", file.text, "-out", certificate.text)
        guard file.withPlatformString({ chmod($0, 0o600) }) == 0 else {
            throw .file(.failed(.write, file, Errno(rawValue: errno)))
        }
        try openssl("x509", "-in", certificate.text, "-outform", "DER", "-out", encoded.text)
        let list = SignatureList(certificate: try read(encoded))
        try write(list.bytes, to: draft.file(key, .list))
    }

    /// The list, signed by the key that authorizes the change; firmware requires a detached
    /// signature without attributes.
    private func makeUpdate(_ key: SecureBootKey) throws(KeyError) {
        let list = try read(draft.file(key, .list))
        let update = AuthenticatedUpdate(variable: key.variable(list), seconds: seconds)
        let message = draft.path.appending("message")
        let output = draft.path.appending("signature")
        try write(update.message, to: message)
        try openssl(
            "smime", "-sign", "-binary", "-noattr", "-md", "sha256", "-outform", "DER",
            "-signer", draft.file(key.authorizer, .certificate).text,
            "-inkey", draft.file(key.authorizer, .key).text,
            "-in", message.text, "-out", output.text)
        guard let signature = SignedData(try read(output)) else { throw .unknownSignature }
        try write(update.bytes(signature: signature.contentBytes), to: draft.file(key, .update))
        for file in [message, output] {
            file.withPlatformString { _ = unlink($0) }
        }
    }

    private func openssl(_ arguments: String...) throws(KeyError) {
        do throws(ProgramError) { try SigningProgram.openssl.run(arguments) } catch {
            guard case .failed(_, _, let output) = error else { throw .program(error) }
            throw .opensslFailed(draft.path, output: SigningProgram.reason(in: output))
        }
    }

    private func read(_ path: FilePath) throws(KeyError) -> [UInt8] {
        try attempt(path.readAll(), orThrow: KeyError.file)
    }

    private func write(_ bytes: [UInt8], to path: FilePath) throws(KeyError) {
        try attempt(AtomicFile.write(bytes, to: path), orThrow: KeyError.file)
    }
}
