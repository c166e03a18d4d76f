import GuestFSProtocol
import SystemPackage

/// The lines that libguestfs writes for a volume's files, such as
/// `1533439875 37888 ./EFI/BOOT/BOOTX64.EFI`.
enum ChecksumList {
    private static let chunkByteCount = 1 << 16

    /// Reads the list to its end, and hands out each file as it comes.
    static func read(
        from pipe: FileDescriptor, _ body: (GuestFSEvent.File) -> Void
    ) throws(GuestFSError) {
        var rest: [UInt8] = []
        while true {
            let bytes = try chunk(from: pipe)
            rest += bytes
            guard let end = bytes.isEmpty ? rest.endIndex : rest.lastIndex(of: newline) else {
                continue
            }
            for line in rest[..<end].split(separator: newline) {
                let text = String(decoding: line, as: UTF8.self)
                guard let file = file(text) else { throw .unknownLine(text: text) }
                body(file)
            }
            if bytes.isEmpty { return }
            rest.removeSubrange(...end)
        }
    }

    private static let newline = UInt8(ascii: "\n")

    private static func chunk(from pipe: FileDescriptor) throws(GuestFSError) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: chunkByteCount) { buffer, count in
                count = try pipe.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        } catch {
            let number = (error as? Errno)?.rawValue ?? 0
            throw .call(function: .checksums, message: "pipe: \(error)", errno: number)
        }
    }

    private static func file(_ line: String) -> GuestFSEvent.File? {
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3, let checksum = UInt32(words[0]), let byteCount = UInt64(words[1]),
            words[2].hasPrefix("./")
        else { return nil }
        let path = String(words[2].dropFirst())
        return GuestFSEvent.File(path: path, byteCount: byteCount, checksum: checksum)
    }
}
