import Foundation
import PackagePlugin

/// `swift package bootimage build|run|test [PRODUCT…] [--architecture NAME…] [ARGUMENT…]`: builds
/// kernels of the package with this package's toolsets and passes them to `bootimage`.
@main
struct BootimagePlugin: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) throws {
        let products = context.package.products(ofType: ExecutableProduct.self).map(\.name)
        let request = try Request(arguments, products: products)
        let builder = try Builder(context)
        let kernels = try request.products.flatMap { product in
            try request.architectures.map { try builder.buildKernel(product, for: $0).path }
        }
        try replaceProcess(
            by: builder.buildTool(), [request.verb.rawValue] + kernels + request.arguments,
            in: context.package.directoryURL)
    }
}

/// Replaces the process with another program, which then receives signals to the plugin and
/// determines its exit status.
private func replaceProcess(by program: URL, _ arguments: [String], in folder: URL) throws {
    let words = ([program.path] + arguments).map { strdup($0) }
    if chdir(folder.path) == 0 { execv(program.path, words + [nil]) }
    throw PluginError("\(program.path): cannot be started: \(String(cString: strerror(errno)))")
}
