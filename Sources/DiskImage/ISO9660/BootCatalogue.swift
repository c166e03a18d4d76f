/// The images that firmware may start from a disc (El Torito 1.0, §2; UEFI 2.10 §13.3.2.1).
struct BootCatalogue {
    /// An image to start, without emulating another medium.
    struct Entry {
        /// The first sector of 2,048 bytes.
        let start: UInt32
        /// The length in sectors of 512 bytes; for UEFI 0 means up to the end of the disc.
        let sectorCount: UInt16
    }

    /// What a BIOS loads to 0x7C00 and starts.
    let bios: Entry
    /// A FAT volume, where UEFI looks for a loader.
    let uefi: Entry

    private enum Platform {
        static let bios: UInt8 = 0
        static let uefi: UInt8 = 0xEF
    }

    func encoded() -> [UInt8] {
        validation
            + Self.encoded(bios)
            + ByteWriter.write(32) { writer in
                // The last section header, with one entry.
                writer.append([0x91, Platform.uefi, 1, 0])
                writer.appendZerosToEnd()
            }
            + Self.encoded(uefi)
    }

    /// Sixteen words whose sum is 0 (figure 2).
    private var validation: [UInt8] {
        let start: [UInt8] = [1, Platform.bios, 0, 0]
        let end: [UInt8] = [0x55, 0xAA]
        let sum = (start + end).enumerated().reduce(UInt16(0)) { sum, byte in
            sum &+ UInt16(byte.element) << (byte.offset % 2 * 8)
        }
        return ByteWriter.write(32) { writer in
            writer.append(start)
            writer.appendZeros(upTo: 28)
            writer.append(0 &- sum)
            writer.append(end)
        }
    }

    private static func encoded(_ entry: Entry) -> [UInt8] {
        ByteWriter.write(32) { writer in
            // Bootable, no emulation, the default segment.
            writer.append([0x88, 0, 0, 0, 0, 0])
            writer.append(entry.sectorCount)
            writer.append(entry.start)
            writer.appendZerosToEnd()
        }
    }
}
