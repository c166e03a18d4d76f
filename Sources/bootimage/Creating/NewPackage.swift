import BootImageKit
import ELFKit
import GuestKit
import HostSystem
import SystemPackage

/// A new package with a kernel and its tests, as a value.
struct NewPackage: Equatable, Sendable {
    enum Language: String, CaseIterable, Sendable {
        case swift
        case c
    }

    /// Where the new package finds BootInfo and KernelTesting.
    enum Dependency: Equatable, Sendable {
        /// A checkout of bootimage.
        case path(FilePath)
        case url(String)
    }

    /// A file of the package.
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

    /// The package's files.
    var files: [File] {
        let own =
            switch language {
            case .swift: swiftFiles
            case .c: cFiles
            }
        return own + commonFiles
    }

    private var swiftFiles: [File] {
        [
            file("Package.swift", PackageResources.SwiftPackage_template),
            file("Sources/\(name)/\(name).swift", PackageResources.SwiftKernel_template),
            file("Sources/\(name)Tests/\(name)Tests.swift", PackageResources.SwiftTests_template),
            file("README.md", PackageResources.SwiftReadme_template),
            file("Makefile", PackageResources.SwiftMakefile_template),
            file("kernel.json", PackageResources.SwiftToolset_template),
            file("bootimage.toml", PackageResources.SwiftSettings_template),
            file(".sourcekit-lsp/config.json", PackageResources.SwiftSourceKit_template),
        ]
    }

    private var cFiles: [File] {
        [
            file("kernel.c", PackageResources.CKernel_template),
            file("tests.c", PackageResources.CTests_template),
            file("README.md", PackageResources.CReadme_template),
            file("Makefile", PackageResources.CMakefile_template),
            file(".clangd", PackageResources.CLanguageServer_template),
        ]
    }

    private var commonFiles: [File] {
        [
            file(".gitignore", PackageResources.GitIgnore_template),
            file(".vscode/tasks.json", PackageResources.EditorTasks_template),
            file(".github/workflows/tests.yml", PackageResources.Workflow_template),
        ]
    }

    private func file(_ path: String, _ template: [UInt8]) -> File {
        let text = architecture.lines(of: String(decoding: template, as: UTF8.self))
            .replacing("@NAME@", with: name)
            .replacing("@TRIPLE@", with: architecture.triple)
            .replacing("@EMULATION@", with: architecture.linkerEmulation)
            .replacing("@QEMU-PACKAGES@", with: architecture.qemuPackages)
            .replacing("@DEPENDENCY@", with: dependency.declaration)
            .replacing("@PACKAGE@", with: dependency.identity)
            .replacing("@PATH@", with: dependency.path)
            .replacing("@SOURCE@", with: dependency.repository)
            .replacing("@SOURCE-NOTE@", with: dependency.repositoryNote)
        return File(path: FilePath(path), text: text)
    }
}

extension NewPackage.Dependency {
    /// The dependency in Package.swift.
    fileprivate var declaration: String {
        switch self {
        case .path(let path): ".package(path: \(JSON.text(path.string)))"
        case .url(let url): ".package(url: \(JSON.text(url)), branch: \"main\")"
        }
    }

    /// The identity in SwiftPM: the last component of its location.
    fileprivate var identity: String {
        switch self {
        case .path(let path): return path.lastComponent?.string ?? ""
        case .url(let url):
            let name = url.split(separator: "/").last ?? ""
            return String(name.hasSuffix(".git") ? name.dropLast(4) : name)
        }
    }

    /// The repository that a CI job clones; a local path is of no use there.
    fileprivate var repository: String {
        if case .url(let url) = self { url } else { "${{ vars.BOOTIMAGE_URL }}" }
    }

    fileprivate var repositoryNote: String {
        switch self {
        case .url: "bootimage builds and boots the kernel and checks its tests."
        case .path:
            "Set the variable BOOTIMAGE_URL to bootimage's repository, and use it as dependency."
        }
    }

    fileprivate var path: String {
        if case .path(let path) = self { path.string } else { "" }
    }
}
