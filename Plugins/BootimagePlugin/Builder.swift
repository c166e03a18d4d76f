import Foundation
import PackagePlugin

/// Builds kernels and `bootimage` itself, each with a separate SwiftPM.
///
/// The SwiftPM that runs the plugin builds for the host only. `bootimage` is no dependency of the
/// plugin, because `swift build` would then build it for the guest, which fails.
struct Builder {
    private let swift: URL
    /// The user's package; `bootimage` is this plugin's.
    private let package: URL
    private let bootimage: URL
    private let folder: URL

    init(_ context: PluginContext) throws {
        guard let bootimage = Self.bootimage(in: context.package) else {
            throw PluginError(
                "\(context.package.displayName): does not depend on bootimage; add the dependency")
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

    /// Builds a product and returns the scratch folder; the package's own `.build` is locked while
    /// a plugin runs.
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
            throw PluginError("\(product): the build failed")
        }
        return scratch
    }

    /// Returns this plugin's package: the given one or one of its dependencies.
    private static func bootimage(in package: Package) -> Package? {
        if package.displayName == "bootimage" { return package }
        return package.dependencies.lazy.compactMap { bootimage(in: $0.package) }.first
    }
}
