package import HostSystem
package import SystemPackage

/// A folder of keys for Secure Boot: for each a private key, a certificate, and what firmware is
/// given.
package struct KeyFolder: Equatable, Sendable {
    /// What a file is; the raw value is how its name ends.
    package enum File: String {
        /// The private key, PEM.
        case key
        /// The certificate, PEM.
        case certificate = "pem"
        /// The certificate, DER: what firmware's own menus read.
        case encodedCertificate = "cer"
        /// The signature list.
        case list = "esl"
        /// The signature list, signed.
        case update = "auth"
    }

    /// Where keys are made and looked for if nobody names a folder.
    package static let standard = KeyFolder(path: "secure-boot-keys")

    package let path: FilePath

    package init(
        path: FilePath
    ) {
        self.path = path
    }

    package func file(_ key: SecureBootKey, _ file: File) -> FilePath {
        path.appending("\(key.rawValue).\(file.rawValue)")
    }

    /// What signs loaders for a machine with these keys.
    package var identity: SigningIdentity {
        SigningIdentity(key: file(.db, .key), certificate: file(.db, .certificate))
    }

    /// Refuses a folder that is not there, in words that tell how to get one.
    package func check() throws(Failure) {
        let list = file(.db, .list)
        do throws(Failure) { _ = try readFile(list) } catch {
            throw Failure(
                .missingInput,
                "\(list): cannot be read; make keys with bootimage keys new, or name their folder "
                    + "with --keys DIR")
        }
    }

    /// A store of variables in which these keys are enrolled.
    ///
    /// The template is one as the firmware's has it. If that one has keys of somebody's,
    /// nothing of it is kept.
    package func enrolled(in template: FilePath) throws(Failure) -> [UInt8] {
        try check()
        let file = try readFile(template)
        var lists: [(SecureBootKey, [UInt8])] = []
        for key in SecureBootKey.allCases {
            lists.append((key, try readFile(self.file(key, .list))))
        }
        do throws(VariableStore.Problem) {
            var store = try VariableStore(file)
            if store.variables.contains(where: { $0.name == SecureBootKey.platform.rawValue }) {
                store.removeAll()
            }
            for (key, list) in lists { try store.set(key.variable(list)) }
            return store.bytes
        } catch {
            throw Failure(.badInput, "\(template): \(error)")
        }
    }
}
