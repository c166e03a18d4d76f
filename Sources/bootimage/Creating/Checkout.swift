import FoundationEssentials
import SystemPackage

/// The bootimage checkout that this executable was built in.
enum Checkout {
    /// Searches upwards from the executable; nil if it is installed elsewhere.
    static func find() -> FilePath? {
        let link = "/proc/self/exe"
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link) else {
            return nil
        }
        var folder = FilePath(path)
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
