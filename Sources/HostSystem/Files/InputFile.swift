package import SystemPackage

import Libc

extension FileDescriptor {
    /// Opens a file for reading; opens a pipe without waiting for its writer.
    package static func openForReading(_ path: FilePath) throws(FileError) -> FileDescriptor {
        try FileError.attempt(.open, path) {
            try open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        }
    }

    /// Reads the rest of a file or pipe; more than `limit` bytes fail with `EFBIG`.
    package func readAll(atMost limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: min(limit + 1, 256 << 10))
        while true {
            let count = try block.withUnsafeMutableBytes { try read(into: $0) }
            if count == 0 { return bytes }
            bytes += block[..<count]
            if bytes.count > limit { throw Errno.fileTooLarge }
        }
    }
}

extension FilePath {
    /// Reads a whole file of at most `limit` bytes.
    ///
    /// - Throws: ``FileError``; a longer file fails with `EFBIG`.
    package func readAll(atMost limit: Int = 16 << 20) throws(FileError) -> [UInt8] {
        let descriptor = try FileDescriptor.openForReading(self)
        defer { try? descriptor.close() }
        return try FileError.attempt(.read, self) { try descriptor.readAll(atMost: limit) }
    }

    /// The absolute path without symbolic links; nil if nothing exists there.
    package var resolved: FilePath? {
        guard let path = withPlatformString({ realpath($0, nil) }) else { return nil }
        defer { free(path) }
        return FilePath(platformString: path)
    }

    /// The folder that relative paths start from.
    package static var currentFolder: FilePath {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return FilePath(platformString: path)
    }
}

/// The limit on open files of this process.
package enum OpenFileLimit {
    /// Raises the limit to the system's maximum; beyond it, opening a file fails.
    package static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
