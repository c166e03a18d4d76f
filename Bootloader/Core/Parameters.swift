/// The file `parameters`: the command line, then a line for each module, with its name and, after a
/// tab, its string.
struct Parameters {
    /// Where each module's name starts in the file.
    private(set) var names = PerModule<UInt64>(repeating: 0)
    /// Where each module's string starts.
    private(set) var strings = PerModule<UInt64>(repeating: 0)
    private(set) var moduleCount = 0

    /// Ends each string in `text` with a zero, in place; the last byte is room for the last one.
    init(_ text: PhysicalMemory) throws(BootError) {
        var offset: UInt64 = 0
        _ = Self.endLine(in: text, &offset)
        while offset < text.byteCount - 1 {
            guard moduleCount < BootFile.moduleLimit else {
                throw BootError(
                    .parameters, "too many modules", count: UInt64(moduleCount) + 1,
                    allowed: UInt64(BootFile.moduleLimit))
            }
            names[moduleCount] = offset
            strings[moduleCount] = Self.endLine(in: text, &offset)
            moduleCount += 1
        }
    }

    /// Moves past a line, and returns where the text after its first tab starts.
    private static func endLine(in text: PhysicalMemory, _ offset: inout UInt64) -> UInt64 {
        var string: UInt64?
        let end = text.byteCount - 1
        while offset < end, text[offset] != UInt8(ascii: "\n") {
            let isTab = text[offset] == UInt8(ascii: "\t") && string == nil
            if isTab { string = offset + 1 }
            if isTab || text[offset] == UInt8(ascii: "\r") { text.store(UInt8(0), at: offset) }
            offset += 1
        }
        text.store(UInt8(0), at: offset)
        defer { offset += 1 }
        return string ?? offset
    }
}
