/// Builds a structure of a known length, little-endian, field by field.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []
    private let promised: Int

    package init(byteCount: Int) {
        promised = byteCount
        bytes.reserveCapacity(byteCount)
    }

    /// Returns the bytes that `body` writes; traps unless they are `byteCount`.
    package static func write(_ byteCount: Int, _ body: (inout Self) -> Void) -> [UInt8] {
        var writer = Self(byteCount: byteCount)
        body(&writer)
        precondition(writer.bytes.count == byteCount, "wrote \(writer.bytes.count) of \(byteCount)")
        return writer.bytes
    }

    package mutating func append(_ number: some FixedWidthInteger) {
        var rest = number
        for _ in 0..<(number.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    package mutating func append(_ other: some Collection<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// Appends ASCII text, padded with spaces to `width` bytes.
    package mutating func append(_ text: String, paddedTo width: Int) {
        precondition(text.utf8.count <= width, "\(text) does not fit into \(width) bytes")
        bytes.append(contentsOf: text.utf8)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: width - text.utf8.count))
    }

    package mutating func append<Structure: DiskStructure>(_ structure: Structure) {
        let start = bytes.count
        structure.encode(into: &self)
        precondition(bytes.count == start + Structure.byteCount, "wrong size of \(Structure.self)")
    }

    package mutating func appendZeros(_ count: Int) {
        bytes.append(contentsOf: repeatElement(0, count: count))
    }

    /// Appends zeros up to an offset from the first byte written.
    package mutating func appendZeros(upTo offset: Int) {
        appendZeros(offset - bytes.count)
    }

    package mutating func appendZerosToEnd() {
        appendZeros(upTo: promised)
    }
}

/// A structure with a fixed size on the disk.
package protocol DiskStructure: Equatable, Sendable {
    /// The size on the disk, in bytes.
    static var byteCount: Int { get }

    /// Appends the fields in the specification's order, exactly ``byteCount`` bytes.
    func encode(into writer: inout ByteWriter)
}

extension DiskStructure {
    package func encoded() -> [UInt8] {
        ByteWriter.write(Self.byteCount) { $0.append(self) }
    }
}
