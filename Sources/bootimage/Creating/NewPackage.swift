import BootImageKit
import ELFKit
import GuestKit
import HostSystem
import SystemPackage

/// A new package with a kernel and its tests: a pure value.
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

    /// A file of it.
    struct File: Equatable, Sendable {
        var path: FilePath
        var text: String
    }

    /// The modules that are there already.
    private static let takenNames = [
        "BootInfo", "CBootInfo", "KernelRuntime", "KernelTesting", "Swift", "bootimage",
    ]

    let name: String
    let language: Language
    let architecture: Architecture
    let dependency: Dependency

    /// Checks that the name can be a module's, and that the language can use the dependency.
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
                "“\(name)” cannot be a kernel's name; use letters, digits and _, a letter first"
                    + (isIdentifier ? ", and no name of bootimage's own modules" : ""))
        }
        if language == .c, case .url = dependency {
            throw Failure(
                .usage, "a kernel in C needs the headers of a checkout: give --package PATH")
        }
        (self.name, self.language) = (name, language)
        (self.architecture, self.dependency) = (architecture, dependency)
    }

    /// Everything that is in it.
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
            .replacing("@QEMU-PACKAGES@", with: architecture.packages)
            .replacing("@DEPENDENCY@", with: dependency.declaration)
            .replacing("@PACKAGE@", with: dependency.identity)
            .replacing("@PATH@", with: dependency.path)
            .replacing("@SOURCE@", with: dependency.repository)
            .replacing("@SOURCE-NOTE@", with: dependency.repositoryNote)
        return File(path: FilePath(path), text: text)
    }
}

extension NewPackage.Dependency {
    /// As Package.swift has it.
    fileprivate var declaration: String {
        switch self {
        case .path(let path): ".package(path: \(JSON.text(path.string)))"
        case .url(let url): ".package(url: \(JSON.text(url)), branch: \"main\")"
        }
    }

    /// What SwiftPM calls it: the last part of where it is.
    fileprivate var identity: String {
        switch self {
        case .path(let path): return path.lastComponent?.string ?? ""
        case .url(let url):
            let name = url.split(separator: "/").last ?? ""
            return String(name.hasSuffix(".git") ? name.dropLast(4) : name)
        }
    }

    /// What a CI job clones; a path of this machine is none.
    fileprivate var repository: String {
        if case .url(let url) = self { url } else { "${{ vars.BOOTIMAGE_URL }}" }
    }

    fileprivate var repositoryNote: String {
        switch self {
        case .url: "What builds, boots and judges the kernel."
        case .path:
            "Let the variable BOOTIMAGE_URL be bootimage's repository, and the dependency too."
        }
    }

    fileprivate var path: String {
        if case .path(let path) = self { path.string } else { "" }
    }
}
