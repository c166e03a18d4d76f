/// An entry of an ISO 9660 directory (ECMA-119 §9.1).
struct ISODirectoryRecord {
    /// The name in the notation of the volume's hierarchy.
    let identifier: [UInt8]
    let isFolder: Bool
    /// The first logical block.
    let start: UInt32
    let byteCount: UInt32
    let time: FATTimestamp

    static let itself: [UInt8] = [0]
    static let parent: [UInt8] = [1]

    private static let fixedByteCount = 33
    private static let folderFlag: UInt8 = 2

    /// The length of a record with that identifier: always even.
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
            writer.append(time.shortISO)
            writer.append(isFolder ? Self.folderFlag : 0)
            writer.append(UInt16(0))  // not interleaved
            writer.appendInBothOrders(UInt16(1))  // on the first disc
            writer.append(UInt8(identifier.count))
            writer.append(identifier)
            writer.appendZerosToEnd()
        }
    }
}

extension FATTimestamp {
    /// Seven bytes, as in directories (ECMA-119 §9.1.5): years count from 1900.
    var shortISO: [UInt8] {
        fields.enumerated().map { UInt8($0 == 0 ? $1 - 1900 : $1) } + [0]
    }

    /// Seventeen bytes, as in descriptors (ECMA-119 §8.4.26.1): digits, then the time zone.
    var longISO: [UInt8] {
        Array((fields.map { padded($0, to: 2) }.joined() + "00").utf8) + [0]
    }

    /// An unspecified time in a descriptor.
    static let noISO = [UInt8](repeating: UInt8(ascii: "0"), count: 16) + [0]
}

extension ByteWriter {
    /// Appends a number least significant byte first, then most (ECMA-119 §7.2.3, §7.3.3).
    mutating func appendInBothOrders(_ number: some FixedWidthInteger) {
        append(number)
        append(number.byteSwapped)
    }
}
