import BootImageKit
import DiskImage
import ELFKit
import FoundationEssentials
import GuestKit
import HostSystem
import SystemPackage

/// A new package with a kernel and its tests, as a value.
struct NewPackage: Sendable {
    enum Language: String, CaseIterable, Sendable {
        case swift, c, rust
    }

    /// Where the new package finds BootInfo and KernelTesting.
    enum Dependency: Equatable, Sendable {
        /// A checkout, and the URL that CI clones it from.
        case path(FilePath, origin: String? = nil)
        case url(String)
        /// A kernel in Rust uses crates only.
        case none
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
    let kind: PackageKind
    let architecture: Architecture
    /// The board that the kernel is for; nil for machines with firmware.
    let board: Board?
    let dependency: Dependency

    /// Checks that the name is a valid module name and that there is such a kind of package.
    init(
        name: String, language: Language, bootProtocol: BootProtocol = .bootloader,
        architecture: Architecture? = nil, board: Board? = nil, dependency: Dependency
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
        kind = try PackageKind.find(language, bootProtocol, architecture)
        self.architecture = architecture ?? kind.architectures[0]
        (self.name, self.board, self.dependency) = (name, board, dependency)
    }

    var files: [File] {
        (kind.files + PackageKind.common).map { path, template in
            File(
                path: FilePath(filling(path)),
                text: filling(lines(of: String(decoding: template, as: UTF8.self))))
        }
    }

    /// The lines of a template that are for this kind of package.
    ///
    /// A line that starts with a language, boot protocol or architecture, such as `@rust@`, is for
    /// that one only; it may start with several of them.
    private func lines(of template: String) -> String {
        // QEMU emulates one of the boards.
        let machine = [
            board == nil ? "no-board" : "board",
            board == nil || board == .raspi3 ? "emulated" : "",
        ]
        let own =
            [kind.language.rawValue, kind.bootProtocol.rawValue, architecture.rawValue] + machine
        let lines = template.split(separator: "\n", omittingEmptySubsequences: false)
            .compactMap { line in
                var rest = line
                while let name = Self.conditions.first(where: { rest.hasPrefix("@\($0)@") }) {
                    guard own.contains(name) else { return Substring?.none }
                    rest = rest.dropFirst(name.count + 2)
                }
                return rest
            }
        return lines.joined(separator: "\n")
    }

    private static let conditions =
        Language.allCases.map(\.rawValue) + BootProtocol.allCases.map(\.rawValue)
        + Architecture.allCases.map(\.rawValue) + ["no-board", "board", "emulated"]

    private func filling(_ template: String) -> String {
        let values = [
            ["@NAME@": name], kind.templateValues, architecture.templateValues,
            Self.templateValues(of: board), dependency.templateValues,
        ]
        return values.joined().reduce(template) { $0.replacing($1.key, with: $1.value) }
    }

    /// What templates say about a board, or about QEMU's virt: where a kernel in arm64's `Image`
    /// state lies, also from the start of the memory, the PL011, and the mailbox with the screen.
    private static func templateValues(of board: Board?) -> KeyValuePairs<String, String> {
        let (address, offset, port, mailbox) =
            switch board {
            case nil: ("0x40200000", "0x200000", "0x9000000", "0")
            case .raspi3: ("0x80000", "0x80000", "0x3f201000", "0x3f00b880")
            case .raspi4: ("0x80000", "0x80000", "0xfe201000", "0xfe00b880")
            case .raspi5: ("0x80000", "0x80000", "0x107d001000", "0")
            }
        return [
            "@ADDRESS@": address, "@TEXT-OFFSET@": offset, "@SERIAL-PORT@": port,
            "@MAILBOX@": mailbox, "@BOARD@": board?.rawValue ?? "",
            "@BOARD-NAME@": board?.name ?? "",
        ]
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

extension PackageKind {
    /// What templates say about it: where its Makefile builds the kernel, and where C is linked.
    fileprivate var templateValues: KeyValuePairs<String, String> {
        let built =
            switch language {
            case .swift: ".build/@TRIPLE@/debug"
            case .c: "build"
            case .rust: "target/x86_64-unknown-none/debug"
            }
        // Multiboot kernels are loaded at physical addresses.
        let base = bootProtocol.isMultiboot ? "0x100000" : "0xffffffff80000000"
        return ["@BUILT@": built, "@IMAGE-BASE@": base]
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
                "@SOURCE@": origin ?? Self.variable,
                "@SOURCE-NOTE@": origin == nil ? Self.variableNote : Self.sourceNote,
            ]
        case .url(let url):
            [
                "@DEPENDENCY@": ".package(url: \(JSON.text(url)), branch: \"main\")",
                "@PACKAGE@": Self.identity(of: url), "@PATH@": "", "@SOURCE@": url,
                "@SOURCE-NOTE@": Self.sourceNote,
            ]
        case .none:
            [
                "@PACKAGE@": "bootimage", "@SOURCE@": Self.variable,
                "@SOURCE-NOTE@": Self.variableNote,
            ]
        }
    }

    private static let variable = "${{ vars.BOOTIMAGE_URL }}"
    private static let variableNote =
        "Set the repository's variable BOOTIMAGE_URL to bootimage's URL."

    private static let sourceNote = "bootimage builds and boots the kernel and checks its tests."

    /// The package's identity in SwiftPM: the last component of its location.
    private static func identity(of url: String) -> String {
        let name = url.split(separator: "/").last ?? ""
        return String(name.hasSuffix(".git") ? name.dropLast(4) : name)
    }
}

extension Architecture {
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
