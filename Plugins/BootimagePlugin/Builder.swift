import Foundation
import PackagePlugin

/// Builds kernels, and `bootimage` itself, each by a SwiftPM of its own.
///
/// The SwiftPM that runs the plugin builds for the host alone. `bootimage` is no dependency of the
/// plugin: it would be part of `swift build` for the guest, where it cannot be built.
struct Builder {
    private let swift: URL
    /// The user's package, and this plugin's.
    private let package: URL
    private let bootimage: URL
    private let folder: URL

    init(_ context: PluginContext) throws {
        guard let bootimage = Self.bootimage(in: context.package) else {
            throw PluginError("\(context.package.displayName) does not depend on bootimage")
        }
        swift = try context.tool(named: "swift").url
        package = context.package.directoryURL
        self.bootimage = bootimage.directoryURL
        folder = context.pluginWorkDirectoryURL
    }

    /// Builds a kernel and returns its path.
    func buildKernel(_ product: String, for architecture: Architecture) throws -> URL {
        let toolset = bootimage.appending(path: architecture.toolset).path
        let options = ["--triple", architecture.triple, "--toolset", toolset]
        let output = try build(product, of: package, options, in: "guest-\(architecture)")
        return output.appending(path: "\(architecture.triple)/debug/\(product)")
    }

    /// Builds `bootimage` for the host and returns its path.
    func buildTool() throws -> URL {
        try build("bootimage", of: bootimage, [], in: "host").appending(path: "debug/bootimage")
    }

    /// Builds a product and returns the scratch folder: not the package's own `.build`, which is
    /// locked while a plugin runs.
    private func build(
        _ product: String, of package: URL, _ options: [String], in name: String
    ) throws -> URL {
        let scratch = folder.appending(path: name)
        let process = Process()
        process.executableURL = swift
        process.arguments =
            ["build", "--package-path", package.path, "--scratch-path", scratch.path] + options
            + ["--product", product]
        try process.run()
        process.waitUntilExit()
        guard process.terminationReason == .exit && process.terminationStatus == 0 else {
            throw PluginError("\(product) did not build")
        }
        return scratch
    }

    /// This plugin's own package, among a package and what it depends on.
    private static func bootimage(in package: Package) -> Package? {
        if package.displayName == "bootimage" { return package }
        return package.dependencies.lazy.compactMap { bootimage(in: $0.package) }.first
    }
}
