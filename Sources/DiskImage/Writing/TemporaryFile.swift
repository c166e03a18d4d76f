import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file beside the output that becomes the output in one step, or vanishes.
///
/// It is locked while it is in use. A lock ends with its process however that ends, so a file that
/// a killed process left behind is known by its being free.
struct TemporaryFile: ~Copyable {
    let descriptor: FileDescriptor
    let path: FilePath
    private var exists = true

    /// Creates a file beside `output`, with a name of its own.
    init(beside output: FilePath) throws(WriteError) {
        let names = TemporaryName(for: output)
        names.sweep()
        while true {
            let path = names.next()
            if let descriptor = try create(path) {
                self.descriptor = descriptor
                self.path = path
                return
            }
        }
    }

    deinit {
        if exists { path.withPlatformString { _ = unlink($0) } }
        try? descriptor.close()
    }

    /// Makes this file the output: from one instant to the next its path names the new image.
    mutating func replace(_ output: FilePath) throws(WriteError) {
        // A network file system may tell of a failed write only here. The lock outlives a
        // duplicate; without it another process would take the file for a leftover.
        try attempt(.write, path) {
            do {
                try descriptor.duplicate().close()
            } catch Errno.interrupted {
                // It is closed all the same; closing is the one call that is not made again.
            }
        }
        let result = path.withPlatformString { old in
            output.withPlatformString { rename(old, $0) }
        }
        guard result == 0 else {
            throw .failed(step: .replaceOutput, path: output, errno: Errno(rawValue: errno))
        }
        exists = false
    }
}

/// Creates and locks a file; `nil` if there is one already, of a process with the same number in
/// another container, or if another process took it for a leftover in the instant before the lock.
private func create(_ path: FilePath) throws(WriteError) -> FileDescriptor? {
    try attempt(.createTemporary, path) {
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

/// Locks a new file; `false` if a sweep has it, or had it and removed it.
private func lockUnlessSwept(_ descriptor: FileDescriptor) -> Bool {
    // A file system without locks has no sweeping either: there a failure does not matter.
    if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return false }
    return (try? descriptor.stat().linkCount) != 0
}
