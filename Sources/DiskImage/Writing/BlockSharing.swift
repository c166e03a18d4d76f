import Libc
import SystemPackage

/// Sharing blocks between files, as XFS and Btrfs can: an image then holds a long file's bytes
/// without a copy of them, until one of the two is written to.
enum BlockSharing {
    /// What offsets and lengths must be multiples of; a file system with longer blocks refuses.
    static let blockByteCount: UInt64 = 4096

    /// Linux's `FICLONERANGE`.
    private static let cloneRange: UInt = 0x4020_940D

    /// Lets bytes of `input` stand in `image` from `offset` on; whether that was done.
    ///
    /// It is not for other file systems, for two of them, or for bytes that are not there, which
    /// only a copy can tell more of. Holes stay holes.
    static func share(
        _ range: Range<ByteCount>, of input: FileDescriptor, with image: FileDescriptor,
        at offset: Int64
    ) -> Bool {
        // struct file_clone_range: the input, where in it, how much, where in the image.
        var request = [
            UInt64(input.rawValue), range.lowerBound.value,
            range.upperBound.value - range.lowerBound.value, UInt64(offset),
        ]
        return ioctl(image.rawValue, cloneRange, &request) == 0
    }
}
