/// A note (gABI, "Note Section").
struct Note: Equatable {
    /// The name of who defines the type, without its terminating zero.
    var owner: [UInt8]
    var type: UInt32
    var description: [UInt8]
    /// The offset of the note in the file, in bytes.
    var offset: UInt64

    /// Size of the three numbers before the name, in bytes.
    private static let headByteCount = 12

    /// Decodes the notes in these bytes, which start at that offset of the file, until one is not
    /// within them.
    static func all(in bytes: [UInt8], at start: UInt64, alignment: Int) -> [Note] {
        var notes: [Note] = []
        var offset = 0
        while bytes.count - offset >= headByteCount {
            let nameByteCount: UInt32 = bytes.span.bytes.littleEndian(at: offset)
            let byteCount: UInt32 = bytes.span.bytes.littleEndian(at: offset + 4)
            let name = offset + headByteCount
            let description = (name + Int(nameByteCount)).roundedUp(to: alignment)
            let end = description + Int(byteCount)
            guard end <= bytes.count else { break }
            notes.append(
                Note(
                    owner: Array(bytes[name..<name + Int(nameByteCount)].prefix { $0 != 0 }),
                    type: bytes.span.bytes.littleEndian(at: offset + 8),
                    description: Array(bytes[description..<end]),
                    offset: start + UInt64(offset)))
            offset = end.roundedUp(to: alignment)
        }
        return notes
    }

    /// Whether it says that the program is one for Linux (LSB Core, "Note sections"):
    /// `NT_GNU_ABI_TAG` of the owner `GNU`, with system 0.
    var isForLinux: Bool {
        owner == Array("GNU".utf8) && type == 1 && description.count >= 16
            && description.prefix(4).allSatisfy { $0 == 0 }
    }
}

extension Int {
    fileprivate func roundedUp(to alignment: Int) -> Int {
        (self + alignment - 1) / alignment * alignment
    }
}
