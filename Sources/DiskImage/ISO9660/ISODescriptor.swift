/// The descriptors of an ISO 9660 volume, one sector each (ECMA-119 §8).
enum ISODescriptor {
    /// The length of a disc's sectors.
    static let byteCount = 2048
    static let identifier = Array("CD001".utf8)
    /// What a boot record begins with (El Torito 1.0, figure 7).
    static let elTorito = "EL TORITO SPECIFICATION"

    /// The descriptor of a hierarchy (§8.4, §8.5).
    struct Volume {
        let naming: ISONaming
        let label: String
        /// The volume's size in sectors of 2,048 bytes.
        let sectorCount: UInt32
        let pathTableByteCount: UInt32
        /// The sectors of the little-endian and the big-endian path table.
        let pathTables: (UInt32, UInt32)
        let root: ISODirectoryRecord
        let time: FATTimestamp

        func encoded() -> [UInt8] {
            ISODescriptor.write(type: naming == .primary ? 1 : 2) { writer in
                writer.append(UInt8(0))
                appendText("", 32, &writer)
                appendText(label, 32, &writer)
                writer.appendZeros(8)
                writer.appendInBothOrders(sectorCount)
                // Joliet: UCS-2, level 3.
                writer.append(naming == .primary ? [0, 0, 0] : Array("%/E".utf8))
                writer.appendZeros(29)
                for _ in 0..<2 { writer.appendInBothOrders(UInt16(1)) }  // one disc, the first
                writer.appendInBothOrders(UInt16(ISODescriptor.byteCount))
                writer.appendInBothOrders(pathTableByteCount)
                for table in [pathTables.0, 0, pathTables.1.byteSwapped, 0] {
                    writer.append(table)
                }
                writer.append(root.encoded())
                for width in [128, 128, 128, 128, 37, 37, 37] { appendText("", width, &writer) }
                // Creation, modification, expiration and effective date.
                writer.append(time.longISO + time.longISO)
                writer.append(FATTimestamp.noISO + FATTimestamp.noISO)
                writer.append(UInt8(1))
            }
        }

        private func appendText(_ text: String, _ width: Int, _ writer: inout ByteWriter) {
            switch naming {
            case .primary: writer.append(text, paddedTo: width)
            case .joliet:
                let units = Array(text.utf16)
                let padding = [UInt16](repeating: 0x20, count: width / 2 - units.count)
                writer.append(ISONaming.bytes(units + padding))
                writer.appendZeros(width % 2)
            }
        }
    }

    /// The descriptor with the boot catalogue's sector (El Torito 1.0, figure 7).
    static func bootRecord(catalogue: UInt32) -> [UInt8] {
        write(type: 0) { writer in
            writer.append(Array(elTorito.utf8))
            writer.appendZeros(64 - elTorito.utf8.count)
            writer.append(catalogue)
        }
    }

    /// The descriptor that ends the list (§8.3).
    static let terminator = write(type: 255) { _ in }

    private static func write(type: UInt8, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
        ByteWriter.write(byteCount) { writer in
            writer.append(type)
            writer.append(identifier)
            writer.append(UInt8(1))
            body(&writer)
            writer.appendZerosToEnd()
        }
    }
}
