/// A processor that kernels are built for.
enum Architecture: String, CaseIterable {
    case x86_64
    case aarch64

    /// What Swift calls a machine of it without an operating system.
    var triple: String {
        switch self {
        case .x86_64: "x86_64-unknown-none-elf"
        case .aarch64: "aarch64-none-none-elf"
        }
    }

    /// The file with the flags for it, in this plugin's package.
    var toolset: String {
        switch self {
        case .x86_64: "kernel.json"
        case .aarch64: "kernel-aarch64.json"
        }
    }

    /// Takes every `--architecture NAME` out of a command line, up to what is QEMU's; x86-64 if
    /// there is none.
    static func take(from line: inout [String]) throws -> [Architecture] {
        let option = "--architecture"
        var found: [Architecture] = []
        while let index = line.firstIndex(where: { $0 == option || $0 == "--" }),
            line[index] == option
        {
            line.remove(at: index)
            let name = index < line.count ? line.remove(at: index) : ""
            guard let architecture = Architecture(rawValue: name) else {
                throw PluginError("\(option): “\(name)” is not x86_64 or aarch64")
            }
            if !found.contains(architecture) { found.append(architecture) }
        }
        return found.isEmpty ? [.x86_64] : found
    }
}
