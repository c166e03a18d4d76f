/// A kernel as one flat file, which a board's firmware loads at a fixed physical address and enters
/// at its first byte; every value has been checked.
package struct FlatKernel: Equatable, Sendable {
    /// The physical address of the first byte: 0x80000, or that of the kernel's `Image` header.
    package let loadAddress: UInt64
    /// Size of the file in bytes; its pieces are those of the ELF file's segments.
    package let byteCount: UInt64
    /// Size in memory in bytes; what follows the file is not zeroed by the firmware.
    package let memoryByteCount: UInt64
    /// Whether the file starts with an arm64 `Image` header.
    package let hasHeader: Bool
    /// All bytes of the file, in order.
    package let pieces: [StrippedFile.Piece]

    /// The address at which firmware loads a file without a header.
    package static let standardLoadAddress: UInt64 = 0x8_0000

    /// Where firmware loads a flat file.
    package struct Place: Equatable, Sendable {
        /// An address, or with an `Image` header an offset from a multiple of 2 MiB.
        package let address: UInt64
        package let hasHeader: Bool

        /// The place of a file with these first 64 bytes.
        package init(ofFileStartingWith start: [UInt8]) {
            let image = ImageHeader(inFileStartingWith: start.span.bytes)
            (address, hasHeader) = (image?.placeOffset ?? standardLoadAddress, image != nil)
        }

        /// The place in words.
        package var text: String {
            hasHeader ? "\(hex(address)) above a multiple of 2 MiB (Image header)" : hex(address)
        }
    }
}
