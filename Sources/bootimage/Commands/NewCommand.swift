import ArgumentParser
import BootImageKit
import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// `bootimage new`: creates a kernel package.
struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Create a package with a kernel and its tests.",
        discussion: """
            `cd NAME && make run` boots it. A package in Swift or C needs bootimage's libraries: \
            from the checkout that this executable was built in, or from --package. For one in \
            Rust, `cargo fetch` downloads its crates.
            """)

    @Argument(help: "Name of the kernel and of the new folder.")
    var name: String

    @Option(
        help: ArgumentHelp(
            "Language of the kernel: swift, c or rust.", valueName: "language"))
    var language: NewPackage.Language = .swift

    @Option(
        name: .customLong("protocol"),
        help: ArgumentHelp(
            "Boot protocol of the kernel: bootloader (default); in Swift also arm64-image, in C "
                + "and Rust limine or multiboot2.",
            valueName: "protocol"))
    var bootProtocol: BootProtocol?

    @Option(
        help: ArgumentHelp(
            "Architecture of the kernel: x86_64 (default) or aarch64 (default for arm64-image).",
            valueName: "architecture"))
    var architecture: Architecture?

    @Option(
        help: ArgumentHelp(
            "Create a kernel in Swift for a board, with protocol arm64-image: raspi3, raspi4 or "
                + "raspi5.", valueName: "board"))
    var board: Board?

    @Option(
        name: .customLong("package"),
        help: ArgumentHelp(
            "Use the libraries from this bootimage checkout or git URL.",
            valueName: "path|url"))
    var source: String?

    func validate() throws {
        let isImage = (bootProtocol ?? .arm64Image) == .arm64Image
        if board != nil, language != .swift || !isImage {
            throw ValidationError("--board needs --language swift and --protocol arm64-image")
        }
    }

    func run() throws {
        let package = try NewPackage(
            name: name, language: language,
            bootProtocol: bootProtocol ?? (board == nil ? .bootloader : .arm64Image),
            architecture: architecture, board: board, dependency: dependency())
        let folder = FilePath(name)
        try package.write(to: folder)
        for file in package.files { try Console.print("\(folder.pushing(file.path))") }
        if language == .rust { fetchCrates(in: folder) }
        let isEmulated = board == nil || board == .raspi3
        try Console.print("\ncd \(name) && make \(isEmulated ? "run" : "images")")
    }

    private func dependency() throws(Failure) -> NewPackage.Dependency {
        if let source, source.contains("://") || source.hasPrefix("git@") { return .url(source) }
        guard let path = source.map(FilePath.init(text:)) ?? Checkout.find() else {
            if language == .rust { return .none }
            throw Failure(
                .usage,
                "this executable is not in a bootimage checkout, which has the libraries; give a "
                    + "checkout or its URL: --package PATH|URL")
        }
        guard Checkout.isOne(path) else {
            throw Failure(.missingInput, "\(path): not a bootimage checkout")
        }
        let folder = FilePath.currentFolder.pushing(path).lexicallyNormalized()
        return .path(folder, origin: Checkout.origin(of: folder))
    }

    /// Downloads the crates, so that the package builds without a network; warns if it cannot.
    private func fetchCrates(in folder: FilePath) {
        let cargo = RequiredProgram.cargo
        guard let path = Environment.findProgram(cargo.executable) else {
            Console.warning("\(cargo.executable) is not on PATH: \(cargo.loss); \(cargo.remedy)")
            return
        }
        do throws(Errno) {
            let outcome = try Child.runInForeground(path, ["fetch"], folder: folder)
            if outcome == .ended(.status(0)) { return }
            Console.warning(
                "\(folder): cargo fetch failed, see above; run it there again once crates.io can "
                    + "be reached")
        } catch {
            Console.warning("\(path): cannot be started: \(error); \(cargo.remedy)")
        }
    }
}

extension NewPackage.Language: ExpressibleByArgument {}
