package import SystemPackage

import Libc

/// Where a report goes: a regular file, which is replaced in one step, or a device, a pipe or a
/// socket, which is written into.
package struct ReportFile: Equatable, Sendable {
    /// As the user has named it.
    package let path: FilePath
    package let isStream: Bool

    /// Creates the missing folders around it, and checks that it can be written.
    ///
    /// - Throws: ``FileError`` if it is a folder, or if it or its folder cannot be written.
    package init(preparing path: FilePath) throws(FileError) {
        self.path = path
        let type = try? path.stat().type
        if type == .directory { throw .isFolder(path) }
        // `/dev/stdout` may name a regular file that another program writes as well.
        isStream =
            type != nil && type != .regular
            || type != nil && ["/dev", "/proc"].contains { path.starts(with: $0) }
        if isStream {
            guard path.withPlatformString({ access($0, W_OK) }) == 0 else {
                throw .failed(.write, path, Errno(rawValue: errno))
            }
        } else {
            try path.removingLastComponent().makeFolders()
            _ = try AtomicFile(replacing: OutputPath(path))
        }
    }

    package func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
        guard isStream else { return try AtomicFile.write(bytes, to: path) }
        try FileError.attempt(.write, path) {
            let descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.append, .closeOnExec])
            defer { try? descriptor.close() }
            _ = try ignoring(SIGPIPE) { try descriptor.writeAll(bytes) }
        }
    }
}

extension FilePath {
    /// Creates the folder and those around it, unless they exist.
    package func makeFolders() throws(FileError) {
        if isEmpty || withPlatformString({ mkdir($0, 0o777) }) == 0 { return }
        switch Errno(rawValue: errno) {
        case .noSuchFileOrDirectory where !removingLastComponent().isEmpty:
            try removingLastComponent().makeFolders()
            if withPlatformString({ mkdir($0, 0o777) }) == 0 || errno == EEXIST { return }
            throw .failed(.create, self, Errno(rawValue: errno))
        case .fileExists:
            guard (try? stat().type) != .directory else { return }
            throw .failed(.create, self, .notDirectory)
        case let errno: throw .failed(.create, self, errno)
        }
    }
}
