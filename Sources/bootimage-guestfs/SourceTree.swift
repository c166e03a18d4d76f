import GuestFSProtocol
import Libc
import SystemPackage

/// The files below a folder, in an order that depends on their names alone.
struct SourceTree {
    /// A file, folder, link or device.
    struct Entry {
        /// Below the folder.
        let path: FilePath
        let status: stat
        /// The entry before, of which this one is another name.
        var original: FilePath?
        /// Where a symbolic link leads.
        var target: FilePath?
    }

    /// Folders come before what is in them; sockets are left out.
    private(set) var entries: [Entry] = []
    let root: FilePath

    private var originals: [FileIdentity: FilePath] = [:]

    private struct FileIdentity: Hashable {
        let device: dev_t
        let number: ino_t
    }

    /// Lists everything below an open folder; symbolic links are not followed.
    init(_ folder: FileDescriptor) throws(GuestFSError) {
        root = FilePath("/proc/self/fd/\(folder.rawValue)")
        try addContents(of: FilePath())
    }

    private mutating func addContents(of folder: FilePath) throws(GuestFSError) {
        for name in try names(in: folder) {
            let path = folder.appending(name)
            var status = stat()
            let result = root.pushing(path).withPlatformString { lstat($0, &status) }
            guard result == 0 else {
                throw .unreadableSource(path: path.string, errno: errno)
            }
            var entry = Entry(path: path, status: status)
            switch status.st_mode & S_IFMT {
            case S_IFSOCK: continue
            case S_IFLNK: entry.target = try target(of: path)
            case S_IFREG where status.st_nlink > 1:
                let identity = FileIdentity(device: status.st_dev, number: status.st_ino)
                entry.original = originals[identity]
                if entry.original == nil { originals[identity] = path }
            default: break
            }
            entries.append(entry)
            if status.st_mode & S_IFMT == S_IFDIR { try addContents(of: path) }
        }
    }

    private func names(in folder: FilePath) throws(GuestFSError) -> [FilePath.Component] {
        guard let stream = root.pushing(folder).withPlatformString({ opendir($0) }) else {
            throw .unreadableSource(path: folder.string, errno: errno)
        }
        defer { closedir(stream) }
        var names: [(bytes: [CChar], component: FilePath.Component)] = []
        while let entry = readdir(stream) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { name in
                Array(name.bindMemory(to: CChar.self).prefix { $0 != 0 })
            }
            let component = (bytes + [0]).withUnsafeBufferPointer { name in
                name.baseAddress.flatMap { FilePath.Component(platformString: $0) }
            }
            if let component, component.kind == .regular { names.append((bytes, component)) }
        }
        return names.sorted { left, right in
            left.bytes.lazy.map { UInt8(bitPattern: $0) }
                .lexicographicallyPrecedes(right.bytes.lazy.map { UInt8(bitPattern: $0) })
        }.map(\.component)
    }

    private func target(of path: FilePath) throws(GuestFSError) -> FilePath {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = root.pushing(path).withPlatformString { readlink($0, &bytes, Int(PATH_MAX)) }
        guard count > 0 else {
            throw .unreadableSource(path: path.string, errno: errno)
        }
        return FilePath(platformString: bytes)
    }
}
