import FoundationEssentials
import HostSystem
import SystemPackage

/// The bootimage checkout that this executable was built in.
enum Checkout {
    /// Searches upwards from the executable; nil if it is installed elsewhere.
    static func find() -> FilePath? {
        guard var folder = FilePath("/proc/self/exe").resolved else { return nil }
        while folder.removeLastComponent() {
            if isOne(folder) { return folder }
        }
        return nil
    }

    /// Whether a folder has the sources that a kernel needs.
    static func isOne(_ folder: FilePath) -> Bool {
        ["Package.swift", "Sources/BootInfo", "Sources/KernelRuntime"].allSatisfy {
            FileManager.default.fileExists(atPath: folder.appending($0).string)
        }
    }
}
