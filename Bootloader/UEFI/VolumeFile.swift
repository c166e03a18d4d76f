import CUEFI

/// An open file on the volume that the firmware loaded this program from.
struct VolumeFile {
    private static let readMode: UInt64 = 1

    private let file: UnsafeMutablePointer<efi_file>
    private let subject: BootError.Subject

    /// Opens a file of the volume's root folder; nil where there is none of that name.
    init?(
        _ bootFile: BootFile, on fileSystem: UnsafeMutablePointer<efi_file_system>
    ) throws(BootError) {
        subject = bootFile.subject
        var root: UnsafeMutablePointer<efi_file>?
        try check(
            fileSystem.pointee.open_volume(fileSystem, &root), .bootVolume,
            "cannot be opened; status")
        guard let root else { throw BootError(.bootVolume, "cannot be opened") }
        defer { _ = root.pointee.close(root) }

        var file: UnsafeMutablePointer<efi_file>?
        let status = bootFile.fileName.withUTF16 {
            root.pointee.open(root, &file, $0, Self.readMode, 0)
        }
        if status == UInt64(EFI_ERROR_BIT) | UInt64(EFI_NOT_FOUND) { return nil }
        try check(status, subject, "cannot be opened; status")
        guard let file else { throw BootError(subject, "cannot be opened") }
        self.file = file
    }

    func close() { _ = file.pointee.close(file) }

    /// The file's length; the last position is the way to it that needs no buffer.
    func byteCount() throws(BootError) -> UInt64 {
        var end: UInt64 = 0
        try check(file.pointee.set_position(file, ~0), subject, "cannot be measured; status")
        try check(file.pointee.get_position(file, &end), subject, "cannot be measured; status")
        return end
    }

    /// Reads the file from its start until `buffer` is full.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(BootError) {
        try check(file.pointee.set_position(file, 0), subject, "cannot be read; status")
        var done = 0
        while done < buffer.count {
            var byteCount = UInt64(buffer.count - done)
            let target = buffer.baseAddress.map { $0 + done }
            try check(
                file.pointee.read(file, &byteCount, target), subject, "cannot be read; status")
            guard byteCount > 0 else {
                throw BootError(
                    subject, "ends early", found: UInt64(done), allowed: UInt64(buffer.count))
            }
            done += Int(byteCount)
        }
    }
}
