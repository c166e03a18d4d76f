import HostSystem
import SystemPackage

extension BuildPlan {
    /// What signs the loader for UEFI, if the options ask for that.
    static func signingIdentity(
        _ options: BuildOptions
    ) throws(Failure) -> SigningIdentity? {
        switch (options.signKey, options.signCertificate) {
        case (let key?, let certificate?):
            return SigningIdentity(key: key, certificate: certificate)
        case (nil, nil):
            return options.secureBootKeys?.identity
        case (.some, nil):
            throw Failure(.usage, "--sign-key needs --sign-cert CERT, the key's certificate")
        case (nil, .some):
            throw Failure(.usage, "--sign-cert needs --sign-key KEY, the certificate's key")
        }
    }

    /// Refuses to sign where there is nothing to.
    func checkSigning() throws(Failure) {
        let hasLoader = pxeDirectory != nil || outputs.contains { $0.kind.hasESP }
        guard signing == nil || hasLoader else {
            throw Failure(
                .usage,
                "--sign-key signs the loader for UEFI, and none is written: give --firmware uefi")
        }
    }

    /// What there is to say of an image that has nothing to sign.
    func signingWarnings(_ output: Output) -> [String] {
        signing == nil ? [] : ["\(output.path): is not signed: a BIOS starts what it finds"]
    }
}
