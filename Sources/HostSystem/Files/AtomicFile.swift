package import SystemPackage

import Libc

/// A temporary file beside its output that replaces it in one step, or is removed.
///
/// The output holds its old content or its new content, whatever fails or is killed in between.
/// That covers a loss of power only if the file is durable; nothing else is forced to the disk.
///
/// The temporary file is locked while it is in use. A lock ends with its process, so an unlocked
/// file was left behind by a killed process; the next write of the same output removes it.
package struct AtomicFile: ~Copyable {
    /// Open for reading and writing.
    package let descriptor: FileDescriptor
    /// The temporary path.
    ///
    /// A program may write to this file, but must not replace it by another.
    package let path: FilePath

    /// The file that this one replaces; errors name it.
    package let output: FilePath

    private let isDurable: Bool
    private var exists = true

    /// Creates the file, empty, in the output's folder; a durable one and its name are forced to
    /// the disk when it replaces the output.
    package init(replacing output: OutputPath, isDurable: Bool = false) throws(FileError) {
        self.output = output.path
        self.isDurable = isDurable
        let names = TemporaryName(for: output.path)
        names.sweep()
        while true {
            let path = names.next()
            if let descriptor = try Self.create(path, for: output.path) {
                (self.descriptor, self.path) = (descriptor, path)
                return
            }
        }
    }

    deinit {
        if exists { path.withPlatformString { _ = unlink($0) } }
        try? descriptor.close()
    }

    /// Writes a small file as a whole.
    package static func write(
        _ bytes: some Sequence<UInt8>, to output: FilePath
    ) throws(FileError) {
        var file = try AtomicFile(replacing: OutputPath(output))
        try file.write(Array(bytes))
        try file.replaceOutput()
    }

    /// Writes bytes at an offset.
    package func write(_ bytes: [UInt8], at offset: UInt64 = 0) throws(FileError) {
        try FileError.attempt(.write, output) {
            _ = try descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes)
        }
    }

    /// Makes this file the output, in one step.
    ///
    /// The new file's mode is 0666 less the umask. If this fails, the output is unchanged.
    package mutating func replaceOutput() throws(FileError) {
        // A network file system may report a failed write only at a close. The duplicate keeps the
        // lock; without it another process would take the file for a leftover.
        try FileError.attempt(.write, output) {
            do {
                try descriptor.duplicate().close()
            } catch Errno.interrupted {
                // The duplicate is closed all the same; a second close could hit another file.
            }
        }
        if isDurable { try descriptor.synchronize(output) }
        let result = path.withPlatformString { old in
            output.withPlatformString { rename(old, $0) }
        }
        guard result == 0 else { throw .failed(.replace, output, Errno(rawValue: errno)) }
        exists = false
        if isDurable { try output.removingLastComponent().synchronizeFolder() }
    }

    /// Makes this file the output, and returns a descriptor that stays with it whatever becomes of
    /// the name.
    package mutating func replaceOutputKeepingOpen() throws(FileError) -> FileDescriptor {
        let kept = fcntl(descriptor.rawValue, F_DUPFD_CLOEXEC, 0)
        guard kept >= 0 else { throw .failed(.open, output, Errno(rawValue: errno)) }
        do throws(FileError) { try replaceOutput() } catch {
            close(kept)
            throw error
        }
        return FileDescriptor(rawValue: kept)
    }

    /// Creates and locks a file.
    ///
    /// Returns nil if the name is taken, by a process with the same number in another container,
    /// or if another process removed the file as a leftover just before it was locked.
    private static func create(
        _ path: FilePath, for output: FilePath
    ) throws(FileError) -> FileDescriptor? {
        try FileError.attempt(.create, output) {
            do {
                let descriptor = try FileDescriptor.open(
                    path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: FilePermissions(rawValue: 0o666))
                if lockUnlessSwept(descriptor) { return descriptor }
                try descriptor.close()
                return nil
            } catch Errno.fileExists {
                return nil
            }
        }
    }

    /// Locks a new file; returns false if a sweep has locked or removed it.
    private static func lockUnlessSwept(_ descriptor: FileDescriptor) -> Bool {
        // A file system without locks is never swept either, so that failure does not matter.
        if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return false }
        return (try? descriptor.stat().linkCount) != 0
    }
}

extension FileDescriptor {
    /// Forces what was written to the disk; errors name `path`.
    fileprivate func synchronize(_ path: FilePath) throws(FileError) {
        guard fsync(rawValue) == 0 else { throw .failed(.write, path, Errno(rawValue: errno)) }
    }
}

extension FilePath {
    /// Forces the names in this folder to the disk; an empty path is the current folder.
    package func synchronizeFolder() throws(FileError) {
        let folder = isEmpty ? "." : self
        let descriptor = try FileError.attempt(.open, folder) {
            try FileDescriptor.open(folder, .readOnly, options: [.directory, .closeOnExec])
        }
        // It was only read.
        defer { try? descriptor.close() }
        try descriptor.synchronize(folder)
    }
}
