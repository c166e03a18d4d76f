package import SystemPackage

import CHostSystem
import Libc

/// A folder that only this user may read, removed with its content unless it is renamed.
package struct TemporaryFolder: ~Copyable {
    package let path: FilePath
    private var exists = true

    /// Creates a folder for files that other programs read and write, in $TMPDIR or /tmp.
    package init() throws(FileError) {
        try self.init(Environment.temporaryFolder(default: "/tmp").appending("bootimage-XXXXXX"))
    }

    /// Creates a folder beside `output`, to take that place when its content is complete.
    package init(beside output: FilePath) throws(FileError) {
        try self.init(FilePath(text: "\(output).XXXXXX"))
    }

    private init(_ template: FilePath) throws(FileError) {
        var name = template.platformBytes
        guard mkdtemp(&name) != nil else {
            throw .failed(.create, template.removingLastComponent(), Errno(rawValue: errno))
        }
        path = FilePath(platformString: name)
    }

    deinit {
        if exists { path.withPlatformString { remove_folder($0) } }
    }

    /// Renames the folder in one step; fails if something with that name exists.
    package mutating func take(_ place: FilePath) throws(FileError) {
        let result = path.withPlatformString { old in
            place.withPlatformString { rename_unless_taken(old, $0) }
        }
        guard result == 0 else { throw .failed(.replace, place, Errno(rawValue: errno)) }
        exists = false
    }
}

/// A file without a name, which is removed when its last descriptor is closed.
package struct AnonymousFile: ~Copyable {
    /// Open for reading and writing.
    package let descriptor: FileDescriptor

    /// Creates the file in $TMPDIR, by default in /var/tmp, which has room for large files.
    package init() throws(FileError) {
        let (path, descriptor) = try FileDescriptor.openTemporaryFile()
        path.withPlatformString { _ = unlink($0) }
        self.descriptor = descriptor
    }

    deinit { try? descriptor.close() }

    /// Hands the descriptor over.
    package consuming func release() -> FileDescriptor {
        let descriptor = descriptor
        discard self
        return descriptor
    }

    /// Reads at most `byteCount` bytes from the start of the file.
    package func bytes(atMost byteCount: Int) throws(FileError) -> [UInt8] {
        try FileError.attempt(.read, "a temporary file") {
            try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
                count = try descriptor.read(
                    fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }
}

extension FileDescriptor {
    /// Creates an empty file in $TMPDIR, by default in /var/tmp; the caller removes it.
    package static func openTemporaryFile() throws(FileError) -> (
        path: FilePath, descriptor: FileDescriptor
    ) {
        let folder = Environment.temporaryFolder(default: "/var/tmp")
        var name = folder.appending("bootimage-XXXXXX").platformBytes
        let number = create_temporary_file(&name)
        guard number >= 0 else { throw .failed(.create, folder, Errno(rawValue: errno)) }
        return (FilePath(platformString: name), FileDescriptor(rawValue: number))
    }
}

extension FilePath {
    /// The bytes, with a zero at the end.
    fileprivate var platformBytes: [CInterop.PlatformChar] {
        withPlatformString { Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1)) }
    }
}

extension Environment {
    /// The folder that TMPDIR names, or the default.
    package static func temporaryFolder(default folder: FilePath) -> FilePath {
        Self["TMPDIR"].flatMap { $0.isEmpty ? nil : FilePath(text: $0) } ?? folder
    }
}
