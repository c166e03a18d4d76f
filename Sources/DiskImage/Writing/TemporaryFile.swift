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
    private var isOpen = true
    private var exists = true

    /// Creates a file beside `output`, with a name that no other file of this process had.
    init(beside output: FilePath) throws(WriteError) {
        let names = TemporaryName(for: output)
        names.sweep()
        repeat {
            let path = names.next()
            let descriptor = try attempt(.createTemporary, path) {
                try FileDescriptor.open(
                    path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: FilePermissions(rawValue: 0o666))
            }
            if lockUnlessSwept(descriptor) {
                self.descriptor = descriptor
                self.path = path
                return
            }
            try? descriptor.close()
        } while true
    }

    deinit {
        if isOpen { try? descriptor.close() }
        if exists { path.withPlatformString { _ = unlink($0) } }
    }

    /// Makes this file the output: from one instant to the next its path names the new image.
    mutating func replace(_ output: FilePath) throws(WriteError) {
        isOpen = false
        try attempt(.write, path) { try descriptor.close() }
        let result = path.withPlatformString { old in
            output.withPlatformString { rename(old, $0) }
        }
        guard result == 0 else {
            throw .failed(step: .replaceOutput, path: output, errno: Errno(rawValue: errno))
        }
        exists = false
    }
}

/// Locks a new file; `false` if another process took it for a leftover in the instant before.
private func lockUnlessSwept(_ descriptor: FileDescriptor) -> Bool {
    // A file system without locks has no sweeping either: there a failure does not matter.
    if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return false }
    return (try? descriptor.stat().linkCount) != 0
}
