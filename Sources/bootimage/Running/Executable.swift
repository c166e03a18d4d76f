import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Programs on this machine.
enum Executable {
    /// The first program of that name on PATH.
    static func find(_ name: String) -> FilePath? {
        for folder in (Environment["PATH"] ?? "").split(separator: ":") {
            let candidate = FilePath(String(folder)).appending(name)
            if access(candidate.string, X_OK) == 0 { return candidate }
        }
        return nil
    }
}
