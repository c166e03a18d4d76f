import ELFKit

/// A kind of package that `bootimage new` creates: its language and boot protocol, and the files
/// that it has besides those of every package.
struct PackageKind: Sendable {
    /// Templates by the path of the file.
    typealias Files = KeyValuePairs<String, [UInt8]>

    let language: NewPackage.Language
    let bootProtocol: BootProtocol
    let architectures: [Architecture]
    let files: [Files.Element]

    /// A row for each language and boot protocol.
    static let all = [
        PackageKind(.swift, .bootloader, [.x86_64, .aarch64], swift),
        PackageKind(.swift, .arm64Image, [.aarch64], swift),
        PackageKind(.c, .bootloader, [.x86_64, .aarch64], c, cKernel),
        PackageKind(.c, .limine, [.x86_64], c, cLimineKernel),
        PackageKind(.c, .multiboot2, [.x86_64], c, cMultibootKernel),
        PackageKind(.rust, .bootloader, [.x86_64], rust, rustKernel),
        PackageKind(.rust, .limine, [.x86_64], rust, rustLimineKernel),
        PackageKind(.rust, .multiboot2, [.x86_64], rust, rustMultibootKernel),
    ]

    private init(
        _ language: NewPackage.Language, _ bootProtocol: BootProtocol,
        _ architectures: [Architecture], _ files: Files...
    ) {
        (self.language, self.bootProtocol) = (language, bootProtocol)
        (self.architectures, self.files) = (architectures, files.flatMap(\.self))
    }

    /// Finds the kind, or says which of these options the others do not allow; by default, any
    /// architecture will do.
    static func find(
        _ language: NewPackage.Language, _ bootProtocol: BootProtocol, _ architecture: Architecture?
    ) throws(Failure) -> PackageKind {
        let sameLanguage = all.filter { $0.language == language }
        guard let kind = sameLanguage.first(where: { $0.bootProtocol == bootProtocol }) else {
            let protocols = sameLanguage.map(\.bootProtocol.rawValue)
            throw Failure(
                .usage,
                "--protocol \(bootProtocol): not with --language \(language); use "
                    + protocols.joined(separator: " or "))
        }
        if let architecture, !kind.architectures.contains(architecture) {
            let architectures = kind.architectures.map(\.rawValue)
            throw Failure(
                .usage,
                "--architecture \(architecture): not with --language \(language) --protocol "
                    + "\(bootProtocol); use \(architectures.joined(separator: " or "))")
        }
        return kind
    }

    /// The files of every package.
    static let common: Files = [
        ".gitignore": PackageResources.GitIgnore_template,
        ".vscode/launch.json": PackageResources.EditorLaunch_template,
        ".vscode/tasks.json": PackageResources.EditorTasks_template,
        ".github/workflows/tests.yml": PackageResources.Workflow_template,
        "Makefile": PackageResources.Makefile_template,
        "README.md": PackageResources.Readme_template,
    ]

    private static let swift: Files = [
        "Package.swift": PackageResources.SwiftPackage_template,
        "Sources/@NAME@/@NAME@.swift": PackageResources.SwiftKernel_template,
        "Sources/@NAME@Tests/@NAME@Tests.swift": PackageResources.SwiftTests_template,
        "kernel.json": PackageResources.SwiftToolset_template,
        "bootimage.toml": PackageResources.SwiftSettings_template,
        ".sourcekit-lsp/config.json": PackageResources.SwiftSourceKit_template,
    ]

    private static let c: Files = [
        ".clangd": PackageResources.CLanguageServer_template
    ]
    private static let cKernel: Files = [
        "kernel.c": PackageResources.CKernel_template,
        "tests.c": PackageResources.CTests_template,
    ]
    private static let cLimineKernel: Files = [
        "kernel.c": PackageResources.CLimineKernel_template,
        "tests.c": PackageResources.CLimineTests_template,
        "limine.c": PackageResources.CLimineRequests_template,
        "limine.h": PackageResources.CLimineHeader_template,
    ]
    private static let cMultibootKernel: Files = [
        "kernel.c": PackageResources.CMultibootKernel_template,
        "tests.c": PackageResources.CMultibootTests_template,
        "boot.S": PackageResources.MultibootStart_template,
        "multiboot2.h": PackageResources.CMultibootHeader_template,
    ]

    private static let rust: Files = [
        "Cargo.toml": PackageResources.RustManifest_template,
        "rust-toolchain.toml": PackageResources.RustToolchain_template,
        ".cargo/config.toml": PackageResources.RustConfig_template,
        "src/lib.rs": PackageResources.RustMachine_template,
    ]
    private static let rustKernel: Files = [
        "src/main.rs": PackageResources.RustKernel_template,
        "src/tests.rs": PackageResources.RustTests_template,
    ]
    private static let rustLimineKernel: Files = [
        "src/main.rs": PackageResources.RustLimineKernel_template,
        "src/tests.rs": PackageResources.RustLimineTests_template,
    ]
    private static let rustMultibootKernel: Files = [
        "src/main.rs": PackageResources.RustMultibootKernel_template,
        "src/tests.rs": PackageResources.RustMultibootTests_template,
        "src/boot.S": PackageResources.MultibootStart_template,
        "kernel.ld": PackageResources.RustMultibootLinker_template,
    ]
}
