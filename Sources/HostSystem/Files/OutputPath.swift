package import SystemPackage

import Libc

/// The regular file that a path names through symbolic links, whether it exists yet or not.
package struct OutputPath {
    /// The file's own path, which is not a symbolic link.
    package let path: FilePath
    /// The existing file's status.
    package let status: Stat?

    private static let maximumLinks = 40

    /// Finds the file.
    ///
    /// - Throws: ``FileError`` if it exists and is not a regular file, or if a call fails.
    package init(_ output: FilePath) throws(FileError) {
        guard output.lastComponent?.kind == .regular else { throw .notAFile(output) }
        status = try Self.status(of: output)
        if let status, status.type != .regular { throw .notAFile(output) }
        path = try Self.followLinks(from: output)
    }

    private static func status(of path: FilePath) throws(FileError) -> Stat? {
        try FileError.attempt(.find, path) {
            do {
                return try path.stat()
            } catch Errno.noSuchFileOrDirectory {
                return nil
            }
        }
    }

    private static func followLinks(from output: FilePath) throws(FileError) -> FilePath {
        var path = output
        for _ in 0..<maximumLinks {
            guard let target = try link(at: path) else { return path }
            path = path.removingLastComponent().pushing(target)
        }
        throw .failed(.find, output, .tooManySymbolicLinkLevels)
    }

    /// Returns where a symbolic link points, or nil if the path is not a link.
    private static func link(at path: FilePath) throws(FileError) -> FilePath? {
        var target = [CInterop.PlatformChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = path.withPlatformString { readlink($0, &target, target.count - 1) }
        guard length < 0 else { return FilePath(platformString: target) }
        let error = Errno(rawValue: errno)
        guard error == .invalidArgument || error == .noSuchFileOrDirectory else {
            throw .failed(.find, path, error)
        }
        return nil
    }
}
