import ArgumentParser
import BootImageKit
import ELFKit
import HostSystem
import SystemPackage

/// `bootimage new`: a kernel package to begin with.
struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a new package with a kernel and its tests.",
        discussion: """
            Then `cd NAME && make run` boots it. The package uses libraries of bootimage's: from \
            the checkout that this executable was built in, or the one that --package names.
            """)

    @Argument(help: "The kernel's name, and the folder's.")
    var name: String

    @Option(help: "What the kernel is written in: swift or c.")
    var language: NewPackage.Language = .swift

    @Option(help: "What the kernel runs on: x86_64 or aarch64.")
    var architecture: Architecture = .x86_64

    @Option(
        name: .customLong("package"),
        help: ArgumentHelp(
            "Where the libraries are: a checkout of bootimage, or a git URL.",
            valueName: "path|url"))
    var source: String?

    func run() throws {
        let package = try NewPackage(
            name: name, language: language, architecture: architecture, dependency: dependency())
        let folder = FilePath(name)
        try PackageWriter.write(package.files, to: folder)
        for file in package.files { try Console.print("\(folder.pushing(file.path))") }
        try Console.print("\ncd \(name) && make run")
    }

    private func dependency() throws(Failure) -> NewPackage.Dependency {
        if let source, source.contains("://") || source.hasPrefix("git@") { return .url(source) }
        guard let path = source.map(FilePath.init(_:)) ?? Checkout.find() else {
            throw Failure(
                .usage,
                "bootimage's libraries are not beside this executable; name a checkout or its "
                    + "URL: --package PATH|URL")
        }
        guard Checkout.isOne(path) else {
            throw Failure(.missingInput, "\(path): is no checkout of bootimage")
        }
        return .path(FilePath.currentFolder.pushing(path).lexicallyNormalized())
    }
}

extension NewPackage.Language: ExpressibleByArgument {}
