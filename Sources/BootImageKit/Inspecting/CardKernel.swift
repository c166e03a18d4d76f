package import DiskImage
import HostSystem
package import SystemPackage

/// The kernel on a card, for a machine without the firmware that would read it.
package enum CardKernel {
    /// Copies the kernel that a board's firmware would start to a file, and keeps it open; without
    /// an `output`, the file has no name.
    ///
    /// - Returns: The file; nil if the card, which stays open, has no kernel for the board.
    package static func copy(
        from card: FileDescriptor, at path: FilePath, for board: Board, to output: FilePath?
    ) throws(BuildError) -> FileDescriptor? {
        do {
            let image = try ImageFile(card)
            let found = try Verification(of: image, loaderFiles: .bootimage).card
            guard let kernel = found?.offers.first(where: { $0.board == board })?.kernel else {
                return nil
            }
            let copy =
                if let output {
                    try KeptFile(replacing: OutputPath(output))
                } else { KeptFile.unnamed(try AnonymousFile()) }
            var room = kernel.byteCount
            try image.forEachPiece(of: kernel.runs) { bytes, start throws(DiskReadError) in
                let bytes = bytes.prefix(Int(clamping: room))
                room -= UInt64(bytes.count)
                do { _ = try copy.descriptor.writeAll(bytes) } catch {
                    throw DiskReadError(offset: start, cause: "cannot be copied: \(error)")
                }
            }
            return try copy.finish().file
        } catch let error as DiskReadError {
            throw .disk(path, error)
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw .disk(path, DiskReadError(offset: 0, cause: "\(error)"))
        }
    }
}
