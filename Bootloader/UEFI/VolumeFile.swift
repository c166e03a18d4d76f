import CUEFI

/// An open file on the volume that the firmware loaded this program from.
struct VolumeFile {
    private static let readMode: UInt64 = 1

    private let file: Interface<efi_file>
    private let subject: BootError.Subject

    /// Opens a file in the volume's root folder; nil if there is none of that name.
    init?(_ bootFile: BootFile, on fileSystem: Interface<efi_file_system>) throws(BootError) {
        subject = bootFile.subject
        var rootAddress: Interface<efi_file>.Address?
        try check(
            fileSystem.members.open_volume(fileSystem.address, &rootAddress), .bootVolume,
            "cannot be opened; status")
        guard let root = Interface(rootAddress) else {
            throw BootError(.bootVolume, "cannot be opened")
        }
        defer { _ = root.members.close(root.address) }

        var address: Interface<efi_file>.Address?
        let status = bootFile.fileName.withUCS2 {
            root.members.open(root.address, &address, $0, Self.readMode, 0)
        }
        if status == UInt64(EFI_ERROR_BIT) | UInt64(EFI_NOT_FOUND) { return nil }
        try check(status, subject, "cannot be opened; status")
        guard let file = Interface(address) else { throw BootError(subject, "cannot be opened") }
        self.file = file
    }

    func close() { _ = file.members.close(file.address) }

    /// The file's length, found by seeking to its end, which needs no buffer.
    func byteCount() throws(BootError) -> UInt64 {
        var end: UInt64 = 0
        try seek(~0)
        try check(file.members.get_position(file.address, &end), subject, "cannot seek; status")
        return end
    }

    private func seek(_ position: UInt64) throws(BootError) {
        try check(file.members.set_position(file.address, position), subject, "cannot seek; status")
    }

    /// Reads the file from its start until `memory` is full.
    func read(into memory: PhysicalMemory) throws(BootError) {
        try seek(0)
        var done: UInt64 = 0
        while done < memory.byteCount {
            let rest = memory[done..<memory.byteCount]
            var byteCount = rest.byteCount
            try check(
                file.members.read(file.address, &byteCount, rest.pointer), subject,
                "cannot be read; status")
            guard byteCount > 0 else {
                throw BootError(subject, "ends early", count: done, allowed: memory.byteCount)
            }
            done += byteCount
        }
    }
}
