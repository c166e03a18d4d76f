package import SystemPackage

import HostSystem

/// What QEMU passes to a kernel that it starts itself, by `-kernel`.
package struct DirectBoot: Equatable, Sendable {
    /// A file for a Multiboot kernel; its path has no space.
    package struct Module: Equatable, Sendable {
        package var path: FilePath
        package var string: String

        package init(path: FilePath, string: String) { (self.path, self.string) = (path, string) }

        /// One of the files of `-initrd`: a space ends the path, and a comma the module.
        fileprivate var argument: String {
            (string.isEmpty ? path.argument : "\(path.argument) \(string)").replacing(
                ",", with: ",,")
        }
    }

    package var commandLine: String?
    /// The RAM disk of a kernel without modules.
    package var ramdisk: FilePath?
    package var modules: [Module]

    package init(
        commandLine: String? = nil, ramdisk: FilePath? = nil, modules: [Module] = []
    ) {
        (self.commandLine, self.ramdisk, self.modules) = (commandLine, ramdisk, modules)
    }

    /// QEMU's arguments for that kernel.
    func arguments(for kernel: FilePath) -> [String] {
        let files =
            modules.isEmpty
            ? ramdisk?.argument : modules.map(\.argument).joined(separator: ",")
        return ["-kernel", kernel.argument] + (commandLine.map { ["-append", $0] } ?? [])
            + (files.map { ["-initrd", $0] } ?? [])
    }
}
