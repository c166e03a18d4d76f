import CLimine

/// A module that the kernel itself asks for by name.
struct LimineInternalModule {
    static let limit: UInt64 = 11
    private static let digestDigitCount: UInt64 = 128

    /// From 0 on, in the kernel's list.
    private let index: UInt64
    /// The name, without a slash at its start, and what follows it in memory.
    private let path: PhysicalMemory
    private let nameByteCount: UInt64
    private let flags: UInt64
    /// A string for the kernel's own use.
    let string: PhysicalAddress

    /// How many modules a kernel asks for.
    static func count(in requests: LimineRequests) throws(BootError) -> UInt64 {
        let count = requests.word(LIMINE_MODULE, at: 48, since: 1) ?? 0
        guard count <= limit else {
            throw BootError(.kernel, "asks for too many modules", count: count, allowed: limit)
        }
        return count
    }

    /// Reads an entry of the kernel's list.
    init(
        _ index: UInt64, of requests: LimineRequests, in kernel: LimineKernel
    ) throws(BootError) {
        self.index = index
        guard let list = requests.word(LIMINE_MODULE, at: 56, since: 1),
            let slot = kernel.memory(at: list &+ 8 * index, byteCount: 8),
            let entry = kernel.memory(at: slot.load(UInt64.self), byteCount: 24),
            let text = kernel.string(at: entry.load(UInt64.self))
        else { throw Self.isOutside(index) }
        let string = entry.load(UInt64.self, at: 8)
        if string == 0 {
            self.string = text.end - 1  // an empty one
        } else if let found = kernel.string(at: string) {
            self.string = found.start
        } else {
            throw Self.isOutside(index)
        }
        flags = entry.load(UInt64.self, at: 16)
        var start: UInt64 = 0
        if text.holds("./", at: 0, isPrefix: true) { start = 2 }
        while text[start] == UInt8(ascii: "/") { start += 1 }
        path = text[start..<text.byteCount]
        var end: UInt64 = 0
        while path[end] != 0, path[end] != UInt8(ascii: "#") { end += 1 }
        nameByteCount = end
    }

    private static func isOutside(_ index: UInt64) -> BootError {
        BootError(.kernel, "module that it asks for is not in its image", count: index + 1)
    }

    /// The number of the image's module of that name; nil if there is none.
    func index(in parameters: Parameters, _ text: PhysicalMemory) -> Int? {
        for index in 0..<parameters.moduleCount where isNamed(text, at: parameters.names[index]) {
            return index
        }
        return nil
    }

    /// Whether this is the module whose name starts at an offset of a text.
    private func isNamed(_ text: PhysicalMemory, at offset: UInt64) -> Bool {
        for index in 0..<nameByteCount where text[offset + index] != path[index] { return false }
        return text[offset + nameByteCount] == 0
    }

    /// Throws if the kernel needs a module that the image does not have.
    func checkAbsence() throws(BootError) {
        if flags & 1 != 0 {
            throw BootError(
                .module, "required by the kernel, but not in the image", count: index + 1)
        }
    }

    /// Checks the contents, and decompresses them into new memory if the kernel says so.
    func unpack<P>(
        _ contents: PhysicalMemory, _ memory: inout FrameAllocator<P>
    ) throws(BootError) -> PhysicalMemory {
        try checkDigest(of: contents)
        guard flags & 2 != 0 else { return contents }
        do throws(GZIPFile.Damage) {
            let file = try GZIPFile(contents)
            guard let result = try? memory.allocate(byteCount: file.byteCount) else {
                throw GZIPFile.Damage()
            }
            try file.decompress(into: result)
            return result
        } catch {
            throw BootError(.module, "not a gzip file, damaged or too large", count: index + 1)
        }
    }

    /// Compares with the BLAKE2b digest of 128 hexadecimal digits that may follow the name.
    private func checkDigest(of contents: PhysicalMemory) throws(BootError) {
        guard path[nameByteCount] != 0 else { return }
        let digits = path[nameByteCount + 1..<path.byteCount - 1]
        try BootError.require(
            .module, "BLAKE2b digest has a wrong length", digits.byteCount,
            is: Self.digestDigitCount)
        let words = BLAKE2b.digest(of: contents)
        for position in 0..<digits.byteCount {
            let byte = words[Int(position / 16)] >> (position % 16 / 2 * 8) & 0xFF
            let expected = position % 2 == 0 ? byte >> 4 : byte & 0xF
            guard Self.value(of: digits[position]) == expected else {
                throw BootError(.module, "BLAKE2b digest differs", count: index + 1)
            }
        }
    }

    /// The value of a hexadecimal digit; more than any for another character.
    private static func value(of digit: UInt8) -> UInt64 {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(digit - UInt8(ascii: "A") + 10)
        default: 16
        }
    }
}

extension LimineKernel {
    /// A part of the image by its virtual address; nil if it is not all inside.
    fileprivate func memory(at address: UInt64, byteCount: UInt64) -> PhysicalMemory? {
        let offset = address &- start.rawValue
        guard offset < image.byteCount, byteCount <= image.byteCount - offset else { return nil }
        return image[offset..<offset + byteCount]
    }

    /// A zero-terminated string, with its zero.
    fileprivate func string(at address: UInt64) -> PhysicalMemory? {
        let offset = address &- start.rawValue
        var end = offset
        while end < image.byteCount {
            end += 1
            if image[end - 1] == 0 { return image[offset..<end] }
        }
        return nil
    }
}
