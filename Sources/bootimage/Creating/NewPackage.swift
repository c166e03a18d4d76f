import BootImageKit
import ELFKit
import FoundationEssentials
import GuestKit
import HostSystem
import SystemPackage

/// A new package with a kernel and its tests, as a value.
struct NewPackage: Equatable, Sendable {
    enum Language: String, CaseIterable, Sendable {
        case swift, c
    }

    /// Where the new package finds BootInfo and KernelTesting.
    enum Dependency: Equatable, Sendable {
        /// A checkout, and the URL that CI clones it from.
        case path(FilePath, origin: String? = nil)
        case url(String)
    }

    struct File: Equatable, Sendable {
        var path: FilePath
        var text: String
    }

    /// Names of modules that would clash.
    private static let takenNames = [
        "BootInfo", "CBootInfo", "KernelRuntime", "KernelTesting", "Swift", "bootimage",
    ]

    let name: String
    let language: Language
    let architecture: Architecture
    let dependency: Dependency

    /// Checks that the name is a valid module name and that the language supports the dependency.
    init(
        name: String, language: Language, architecture: Architecture = .x86_64,
        dependency: Dependency
    ) throws(Failure) {
        let isIdentifier =
            name.first.map { $0.isASCII && $0.isLetter } == true
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard !name.hasSuffix("Tests") else {
            throw Failure(
                .usage, "“\(name)” would be a test: its name ends in Tests; use another name")
        }
        guard isIdentifier, !Self.takenNames.contains(name) else {
            throw Failure(
                .usage,
                isIdentifier
                    ? "“\(name)” is the name of one of bootimage's modules; use another name"
                    : "“\(name)” is not a valid kernel name; use letters, digits and _, "
                        + "starting with a letter")
        }
        if language == .c, case .url = dependency {
            throw Failure(
                .usage, "a kernel in C needs a checkout for its headers: give --package PATH")
        }
        (self.name, self.language) = (name, language)
        (self.architecture, self.dependency) = (architecture, dependency)
    }

    var files: [File] {
        let own: KeyValuePairs =
            switch language {
            case .swift:
                [
                    "Package.swift": PackageResources.SwiftPackage_template,
                    "Sources/\(name)/\(name).swift": PackageResources.SwiftKernel_template,
                    "Sources/\(name)Tests/\(name)Tests.swift": PackageResources.SwiftTests_template,
                    "README.md": PackageResources.SwiftReadme_template,
                    "Makefile": PackageResources.SwiftMakefile_template,
                    "kernel.json": PackageResources.SwiftToolset_template,
                    "bootimage.toml": PackageResources.SwiftSettings_template,
                    ".sourcekit-lsp/config.json": PackageResources.SwiftSourceKit_template,
                ]
            case .c:
                [
                    "kernel.c": PackageResources.CKernel_template,
                    "tests.c": PackageResources.CTests_template,
                    "README.md": PackageResources.CReadme_template,
                    "Makefile": PackageResources.CMakefile_template,
                    ".clangd": PackageResources.CLanguageServer_template,
                ]
            }
        let common: KeyValuePairs = [
            ".gitignore": PackageResources.GitIgnore_template,
            ".vscode/launch.json": PackageResources.EditorLaunch_template,
            ".vscode/tasks.json": PackageResources.EditorTasks_template,
            ".github/workflows/tests.yml": PackageResources.Workflow_template,
        ]
        return [own, common].joined().map(file)
    }

    private func file(_ path: String, _ template: [UInt8]) -> File {
        let values = [
            ["@NAME@": name, "@BUILT@": language.builtFolder], architecture.templateValues,
            dependency.templateValues,
        ]
        var text = architecture.lines(of: String(decoding: template, as: UTF8.self))
        for (mark, value) in values.joined() { text = text.replacing(mark, with: value) }
        return File(path: FilePath(path), text: text)
    }

    /// Writes the files to a temporary folder, then renames it.
    func write(to folder: FilePath) throws(Failure) {
        guard !FileManager.default.fileExists(atPath: folder.string) else {
            throw Failure(.cannotCreateOutput, "\(folder): already exists; use another name")
        }
        do {
            var draft = try TemporaryFolder(beside: folder)
            for file in files {
                let path = draft.path.pushing(file.path)
                try FileManager.default.createDirectory(
                    atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
                try AtomicFile.write(file.text.utf8, to: path)
            }
            try draft.take(folder)
        } catch {
            throw Failure(.cannotCreateOutput, "\(folder): cannot be written: \(error)")
        }
    }
}

extension NewPackage.Language {
    /// Where its Makefile builds the kernel.
    fileprivate var builtFolder: String {
        switch self {
        case .swift: ".build/@TRIPLE@/debug"
        case .c: "build"
        }
    }
}

extension NewPackage.Dependency {
    fileprivate var templateValues: KeyValuePairs<String, String> {
        switch self {
        case .path(let path, let origin):
            [
                "@DEPENDENCY@": ".package(path: Context.environment[\"BOOTIMAGE_PACKAGE\"] ?? "
                    + "\(JSON.text(path.string)))",
                "@PACKAGE@": path.lastComponent?.string ?? "", "@PATH@": path.string,
                // A local path is of no use to a CI job, which clones the repository.
                "@SOURCE@": origin ?? "${{ vars.BOOTIMAGE_URL }}",
                "@SOURCE-NOTE@": origin == nil
                    ? "Set the repository's variable BOOTIMAGE_URL to bootimage's URL."
                    : Self.sourceNote,
            ]
        case .url(let url):
            [
                "@DEPENDENCY@": ".package(url: \(JSON.text(url)), branch: \"main\")",
                "@PACKAGE@": Self.identity(of: url), "@PATH@": "", "@SOURCE@": url,
                "@SOURCE-NOTE@": Self.sourceNote,
            ]
        }
    }

    private static let sourceNote = "bootimage builds and boots the kernel and checks its tests."

    /// The package's identity in SwiftPM: the last component of its location.
    private static func identity(of url: String) -> String {
        let name = url.split(separator: "/").last ?? ""
        return String(name.hasSuffix(".git") ? name.dropLast(4) : name)
    }
}

extension Architecture {
    /// Keeps a template's lines for this architecture.
    ///
    /// A line that starts with `@x86_64@` or `@aarch64@` is for that architecture only.
    fileprivate func lines(of template: String) -> String {
        let others = Self.allCases.filter { $0 != self }.map { "@\($0)@" }
        return template.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { line in !others.contains { line.hasPrefix($0) } }
            .joined(separator: "\n")
            .replacing("@\(self)@", with: "")
    }

    /// What templates say about it: the triple for bare metal, the emulation for `ld.lld -m`, and
    /// Debian's packages with QEMU and its firmware, as a phrase in Markdown.
    fileprivate var templateValues: KeyValuePairs<String, String> {
        let (triple, emulation) =
            switch self {
            case .x86_64: ("x86_64-unknown-none-elf", "elf_x86_64")
            case .aarch64: ("aarch64-none-none-elf", "aarch64elf")
            }
        let qemu = Packages.package(of: platform.executable)
        return [
            "@TRIPLE@": triple, "@EMULATION@": emulation,
            "@QEMU-PACKAGES@": "`\(qemu)` and `\(Packages.firmware(for: self))`",
        ]
    }
}
