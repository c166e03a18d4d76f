/// An entry of an ISO 9660 directory (ECMA-119 §9.1).
struct ISODirectoryRecord {
    /// The name as the volume's hierarchy writes it.
    let identifier: [UInt8]
    let isFolder: Bool
    /// The first logical block.
    let start: UInt32
    let byteCount: UInt32
    let time: ISOTime

    /// The directory itself.
    static let itself: [UInt8] = [0]
    /// The directory around it.
    static let parent: [UInt8] = [1]

    private static let fixedByteCount = 33
    private static let folderFlag: UInt8 = 2

    /// How long a record with that identifier is: always even.
    static func byteCount(identifier: [UInt8]) -> Int {
        (fixedByteCount + identifier.count + 1) / 2 * 2
    }

    func encoded() -> [UInt8] {
        let length = Self.byteCount(identifier: identifier)
        return ByteWriter.write(length) { writer in
            writer.append(UInt8(length))
            writer.append(UInt8(0))  // no extended attributes
            writer.appendInBothOrders(start)
            writer.appendInBothOrders(byteCount)
            writer.append(time.short)
            writer.append(isFolder ? Self.folderFlag : 0)
            writer.append(UInt16(0))  // not interleaved
            writer.appendInBothOrders(UInt16(1))  // on the first disc
            writer.append(UInt8(identifier.count))
            writer.append(identifier)
            writer.appendZerosToEnd()
        }
    }
}
