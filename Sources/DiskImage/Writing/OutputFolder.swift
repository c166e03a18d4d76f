import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The folder that files are to be written into.
struct OutputFolder {
    let path: FilePath

    /// Creates the folder where there is none; the folder around it must be there.
    ///
    /// - Throws: ``WriteError`` if it cannot be created, or something else has its name.
    init(creating path: FilePath) throws(WriteError) {
        self.path = path
        let result = path.withPlatformString { mkdir($0, 0o777) }
        if result == 0 { return }
        let error = Errno(rawValue: errno)
        guard error == .fileExists else {
            throw .failed(step: .createFolder, path: path, errno: error)
        }
        let status = try attempt(.findOutput, path) { try path.stat() }
        guard status.type == .directory else { throw .outputNotAFolder(path: path) }
    }

    /// Refuses a folder with a file of that name.
    func checkAbsent(_ name: String) throws(WriteError) {
        let file = path.appending(name)
        let isThere = try attempt(.findOutput, file) {
            do {
                _ = try file.stat(followTargetSymlink: false)
                return true
            } catch Errno.noSuchFileOrDirectory {
                return false
            }
        }
        if isThere { throw .outputInTheWay(path: file) }
    }
}
