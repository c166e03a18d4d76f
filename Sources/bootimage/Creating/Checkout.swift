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

    /// The URL that everybody can clone it from; nil if git knows none.
    ///
    /// One with a user or a password, or that means something to a shell or in YAML, is none.
    static func origin(of folder: FilePath) -> String? {
        guard let git = try? Program("git"),
            let text = try? git.run(["-C", folder.string, "remote", "get-url", "origin"])
        else { return nil }
        let url = text.split(separator: "\n").first.map(String.init) ?? ""
        return url.wholeMatch(of: /https:\/\/[A-Za-z0-9._~\/-]+/) == nil ? nil : url
    }

    /// Whether a folder has the sources that a kernel needs.
    static func isOne(_ folder: FilePath) -> Bool {
        ["Package.swift", "Sources/BootInfo", "Sources/KernelRuntime"].allSatisfy {
            FileManager.default.fileExists(atPath: folder.appending($0).string)
        }
    }
}
