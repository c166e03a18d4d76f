import HostSystem
import Libc
import SystemPackage

struct OutputFolder {
    let path: FilePath

    /// Creates the folder where there is none; the folder around it must be there.
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

    /// Refuses a folder in this one if something else has its name, or if it lies elsewhere; it
    /// need not be there yet.
    func check(subfolder: FilePath) throws(WriteError) {
        guard let real = try Self.realPath(of: subfolder) else { return }
        let status = try attempt(.findOutput, subfolder) { try real.stat() }
        guard status.type == .directory else { throw .outputNotAFolder(path: subfolder) }
        try checkHolds(real, named: subfolder)
    }

    /// Refuses a file that symbolic links put elsewhere.
    func check(_ output: OutputPath, named name: FilePath) throws(WriteError) {
        let parent = output.path.removingLastComponent()
        if let real = try Self.realPath(of: parent.isEmpty ? "." : parent) {
            try checkHolds(real, named: name)
        }
    }

    private func checkHolds(_ real: FilePath, named name: FilePath) throws(WriteError) {
        guard let own = try Self.realPath(of: path), real.starts(with: own) else {
            throw .outputElsewhere(path: name, folder: path)
        }
    }

    /// The path from the root without symbolic links; `nil` if nothing is there.
    private static func realPath(of path: FilePath) throws(WriteError) -> FilePath? {
        try attempt(.findOutput, path) {
            guard let real = path.withPlatformString({ realpath($0, nil) }) else {
                let error = Errno(rawValue: errno)
                guard error == .noSuchFileOrDirectory else { throw error }
                return nil
            }
            defer { free(real) }
            return FilePath(platformString: real)
        }
    }

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
