import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Ways between this process and its children, whose ends a child gets only where it is said to.
extension FileDescriptor {
    static func privatePipe() throws(Errno) -> (reading: FileDescriptor, writing: FileDescriptor) {
        var ends: [Int32] = [0, 0]
        guard openPipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        return closedByExec(ends)
    }

    static func privateSocketPair() throws(Errno) -> (FileDescriptor, FileDescriptor) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
            throw Errno(rawValue: errno)
        }
        return closedByExec(ends)
    }

    private static func closedByExec(_ ends: [Int32]) -> (FileDescriptor, FileDescriptor) {
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }
}

/// The system call, which a method of `FileDescriptor` hides.
private func openPipe(_ ends: inout [Int32]) -> Int32 { pipe(&ends) }
