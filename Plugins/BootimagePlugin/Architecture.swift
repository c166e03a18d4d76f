/// A processor architecture to build kernels for.
enum Architecture: String, CaseIterable {
    case x86_64
    case aarch64

    /// The target triple without an operating system.
    var triple: String {
        switch self {
        case .x86_64: "x86_64-unknown-none-elf"
        case .aarch64: "aarch64-none-none-elf"
        }
    }

    /// The toolset file in this plugin's package.
    var toolset: String {
        switch self {
        case .x86_64: "kernel.json"
        case .aarch64: "kernel-aarch64.json"
        }
    }

    /// Removes every `--architecture NAME` before `--` from a command line and returns the names;
    /// x86-64 by default.
    static func take(from line: inout [String]) throws -> [Architecture] {
        let option = "--architecture"
        var found: [Architecture] = []
        while let index = line.firstIndex(where: { $0 == option || $0 == "--" }),
            line[index] == option
        {
            line.remove(at: index)
            let name = index < line.count ? line.remove(at: index) : ""
            guard let architecture = Architecture(rawValue: name) else {
                throw PluginError(
                    "\(option): unknown architecture “\(name)”; specify x86_64 or aarch64")
            }
            if !found.contains(architecture) { found.append(architecture) }
        }
        return found.isEmpty ? [.x86_64] : found
    }
}
