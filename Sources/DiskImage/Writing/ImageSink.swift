import HostSystem
import SystemPackage

/// Takes an image's regions in order and writes them with few system calls.
///
/// Neighbours are gathered in one buffer, whatever they come from; it is all the memory used.
struct ImageSink: ~Copyable {
    private let image: FileDescriptor
    private let path: FilePath
    private let buffer: UnsafeMutableRawBufferPointer
    /// Where the buffer's first byte belongs.
    private var start: Int64 = 0
    /// How many bytes wait in the buffer.
    private var count = 0
    /// Whether no input has yet been found to share no blocks with the image.
    private var mayShare = true

    /// The largest size that is as fast as any for a gigabyte.
    ///
    /// Writes of 256 KiB that start at a multiple of their size took two to four times as long on
    /// ext4 with Linux 6.18.
    private static let capacity = 128 << 10
    private static let blockByteCount: Int64 = 4096
    /// Shorter inputs are copied in fewer system calls than it takes to look for holes.
    private static let lengthWorthLooking = ByteCount(1 << 20)

    init(_ image: FileDescriptor, path: FilePath) {
        self.image = image
        self.path = path
        buffer = .allocate(byteCount: Self.capacity, alignment: Int(Self.blockByteCount))
    }

    deinit { buffer.deallocate() }

    private var end: Int64 { start + Int64(count) }

    /// How much the buffer takes before it ends at a multiple of its capacity: writes that start
    /// at one are a tenth faster.
    private var room: Int { Self.capacity - Int(start % Int64(Self.capacity)) - count }

    /// Takes bytes that belong at `offset`, which is not before what was taken already.
    mutating func write(_ bytes: [UInt8], at offset: Int64) throws(WriteError) {
        try move(to: offset)
        var rest = bytes[...]
        while !rest.isEmpty {
            if room == 0 { try flush() }
            let piece = rest.prefix(room)
            UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyBytes(from: piece)
            count += piece.count
            rest = rest.dropFirst(piece.count)
        }
    }

    /// Takes `length` bytes of an input, from its byte `first` on, which belong at `offset`; the
    /// holes of a long one stay holes.
    mutating func copy(
        _ input: ImageInput, from first: ByteCount, _ length: ByteCount, at offset: Int64
    ) throws(WriteError) {
        try move(to: offset)
        let inputEnd = first + length
        var next = try share(input, first..<inputEnd, at: offset)
        while next < inputEnd {
            var data = next..<inputEnd
            if length >= Self.lengthWorthLooking {
                data = try input.data(in: data)
                try move(to: offset + Int64((data.lowerBound - first).value))
            }
            try copy(input, data)
            next = data.upperBound
        }
    }

    /// Lets the image share what whole blocks of the range it can; where the rest begins.
    private mutating func share(
        _ input: ImageInput, _ range: Range<ByteCount>, at offset: Int64
    ) throws(WriteError) -> ByteCount {
        let block = BlockSharing.blockByteCount
        let length = range.upperBound.value - range.lowerBound.value
        let whole = length - length % block
        guard mayShare, length >= Self.lengthWorthLooking.value,
            range.lowerBound.value.isMultiple(of: block), UInt64(offset).isMultiple(of: block)
        else { return range.lowerBound }
        let end = range.lowerBound + ByteCount(whole)
        mayShare = BlockSharing.share(
            range.lowerBound..<end, of: input.descriptor, with: image, at: offset)
        guard mayShare else { return range.lowerBound }
        try move(to: offset + Int64(whole))
        return end
    }

    private mutating func copy(_ input: ImageInput, _ range: Range<ByteCount>) throws(WriteError) {
        var next = range.lowerBound
        while next < range.upperBound {
            if room == 0 { try flush() }
            let wanted = Int(min(UInt64(room), (range.upperBound - next).value))
            let free = UnsafeMutableRawBufferPointer(rebasing: buffer[count...].prefix(wanted))
            let taken = try attempt(.readInput, input.path) {
                try input.descriptor.read(fromAbsoluteOffset: Int64(next.value), into: free)
            }
            guard taken > 0 else {
                throw .inputTooShort(path: input.path, found: next, needed: range.upperBound)
            }
            count += taken
            next += ByteCount(UInt64(taken))
        }
    }

    mutating func flush() throws(WriteError) {
        var rest = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        while !rest.isEmpty {
            let written = try attempt(.write, path) {
                try image.write(toAbsoluteOffset: start, rest)
            }
            start += Int64(written)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        }
        count = 0
    }

    /// Goes on at `offset`; a gap that has no whole block to leave out is filled with zeros.
    private mutating func move(to offset: Int64) throws(WriteError) {
        let gap = offset - end
        precondition(gap >= 0, "regions come in order")
        if gap < Self.blockByteCount, gap <= room {
            UnsafeMutableRawBufferPointer(rebasing: buffer[count...].prefix(Int(gap)))
                .initializeMemory(as: UInt8.self, repeating: 0)
            count += Int(gap)
        } else {
            try flush()
            start = offset
        }
    }
}
