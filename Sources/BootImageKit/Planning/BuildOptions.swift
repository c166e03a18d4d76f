package import DiskImage
package import SystemPackage

/// The options of a build, as given; nil where they leave a default.
package struct BuildOptions: Equatable, Sendable {
    package var content: KernelContent
    /// The images; if empty, one for each firmware that all kernels boot on.
    package var kinds: [ImageKind] = []
    package var outputDirectory: FilePath?
    package var output: FilePath?
    package var name: String?
    /// The folder for a TFTP server.
    package var pxeDirectory: FilePath?
    /// The sector size of the disk that the images are for.
    package var sectorSize: SectorSize?
    package var espFAT: FATType?
    /// The private key that signs the UEFI loader, PEM, and its certificate.
    package var signKey: FilePath?
    package var signCertificate: FilePath?
    /// A number for people in what the signature covers; by default ``sourceDateEpoch``.
    package var buildNumber: UInt64?
    /// The keys of a machine with Secure Boot; their db signs unless ``signKey`` is set.
    package var secureBootKeys: KeyFolder?
    /// The environment variable of that name: seconds since 1970.
    package var sourceDateEpoch: String?
    /// Whether a hybrid image marks the only entry of its MBR active, which some BIOSes require.
    package var activeProtectiveMBR = false
    /// The formats of each image; if empty, raw.
    package var formats: [ImageFormat] = []
    package var compression: Compression?
    /// The JSON file that records inputs, outputs and layouts.
    package var manifest: FilePath?
    /// Whether the outputs are forced to the disk before the command ends.
    package var isDurable = false
    package var volumeLabel: String?
    /// The least sizes of the EFI system partition and of each image.
    package var espSize: ByteCount?
    package var imageSize: ByteCount?
    /// The partitions after the EFI system partition.
    package var partitions: [PartitionRequest] = []
    /// The board that the image is a card for, instead of ``kinds``.
    package var board: Board?
    /// The folder with the board vendor's boot files.
    package var firmwareDirectory: FilePath?
    /// Whether the card is written without these files.
    package var omitsFirmware = false
    /// The last lines of the card's `config.txt`.
    package var boardConfiguration: [String] = []
}

extension BuildOptions {
    package init(content: KernelContent) { self.init(content: content, kinds: []) }

    /// Whether images are written: with a TFTP server's folder, only if an option concerns them.
    package var asksForImages: Bool {
        pxeDirectory == nil || board != nil || !kinds.isEmpty || outputDirectory != nil
            || output != nil
            || name != nil || !formats.isEmpty || compression != nil
    }
}

/// A private key that signs loaders, and the certificate by which firmware knows it.
package struct SigningIdentity: Equatable, Sendable {
    /// PEM, without a passphrase.
    var key: FilePath
    /// PEM.
    var certificate: FilePath
}

/// A folder of keys for Secure Boot: for each a private key, a certificate, and the files that
/// firmware enrols.
package struct KeyFolder: Equatable, Sendable {
    /// A kind of file; the raw value is its extension.
    package enum File: String {
        /// The private key, PEM.
        case key
        /// The certificate, PEM.
        case certificate = "pem"
        /// The certificate, DER, which firmware's own menus read.
        case encodedCertificate = "cer"
        /// The signature list.
        case list = "esl"
        /// The signature list, signed.
        case update = "auth"
    }

    package static let standard = KeyFolder(path: "secure-boot-keys")

    package let path: FilePath

    package init(path: FilePath) { self.path = path }

    package func file(_ key: SecureBootKey, _ file: File) -> FilePath {
        path.appending("\(key.rawValue).\(file.rawValue)")
    }

    /// The key that signs loaders for a machine with these keys.
    package var identity: SigningIdentity {
        SigningIdentity(key: file(.db, .key), certificate: file(.db, .certificate))
    }
}

/// The keys of Secure Boot (UEFI 2.10, section 32.3), in the order in which they are enrolled: once
/// there is a PK, changes of the others need signatures.
package enum SecureBootKey: String, CaseIterable {
    /// Verifies programs.
    case db
    /// Authorizes changes of db.
    case keyExchange = "KEK"
    /// Authorizes changes of KEK and PK.
    case platform = "PK"
}
