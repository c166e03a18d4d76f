import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file without a name, for a program to write into.
struct TemporaryDescriptor: ~Copyable {
    private let file: UnsafeMutablePointer<FILE>

    init() throws(Failure) {
        guard let file = tmpfile() else {
            throw Failure(
                .cannotCreateOutput,
                "no temporary file can be made: \(Errno(rawValue: errno)); make room in /tmp")
        }
        self.file = file
    }

    deinit { fclose(file) }

    var descriptor: FileDescriptor { FileDescriptor(rawValue: fileno(file)) }

    /// What is in it, up to so many bytes.
    func bytes(atMost byteCount: Int) throws(Failure) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
                count = try descriptor.read(
                    fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
            }
        } catch {
            throw Failure(.inputOutput, "a temporary file cannot be read: \(error)")
        }
    }
}
