/// Gives each name in a folder a unique short name (FAT 1.03 §7.4, basis-name generation).
struct ShortNameAllocator {
    private var taken: Set<ShortName> = []
    /// The first tail that may be free, by the name that is cut to make room for it.
    private var nextTail: [ShortName: Int] = [:]

    private static let dot = UInt8(ascii: ".")
    private static let space = UInt8(ascii: " ")
    private static let substitute = UInt8(ascii: "_")

    /// The short names of a folder's names, in the same order.
    ///
    /// Names that fit 8.3 except for their case get their own short name first; the others get a
    /// numeric tail.
    static func shortNames(for names: [FATName]) -> [ShortName] {
        var allocator = Self()
        let plain = names.map { ShortName(exactly: capitals($0.text)) }
        allocator.taken = Set(plain.compactMap(\.self))
        return zip(names, plain).map { name, short in short ?? allocator.makeShortName(for: name) }
    }

    /// Basis name and the first free tail, such as `KERNEL~1`.
    private mutating func makeShortName(for name: FATName) -> ShortName {
        let (base, suffix) = Self.basis(of: name)
        let cut = ShortName(base: base.prefix(ShortName.baseByteCount), extension: suffix)
        var tail = nextTail[cut] ?? 1
        while true {
            let number = Array("~\(tail)".utf8)
            let head = base.prefix(ShortName.baseByteCount - number.count)
            let candidate = ShortName(base: head + number, extension: suffix)
            tail += 1
            if taken.insert(candidate).inserted {
                nextTail[cut] = tail
                return candidate
            }
        }
    }

    /// Base and extension in capitals, without spaces and leading dots, and with `_` for every
    /// character that a short name may not contain.
    private static func basis(of name: FATName) -> (base: [UInt8], suffix: [UInt8]) {
        let allowed = capitals(name.text).unicodeScalars.compactMap { scalar -> UInt8? in
            guard let byte = UInt8(exactly: scalar.value) else { return substitute }
            if byte == space { return nil }
            return byte == dot || ShortName.allows(byte) ? byte : substitute
        }.drop { $0 == dot }
        guard let lastDot = allowed.lastIndex(of: dot) else { return (Array(allowed), []) }
        let base = allowed[..<lastDot].filter { $0 != dot }
        return (base, Array(allowed[(lastDot + 1)...].prefix(ShortName.extensionByteCount)))
    }

    /// ASCII letters as capitals; the code page for other letters is unknown.
    private static func capitals(_ text: String) -> String {
        String(
            decoding: text.utf8.map { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
            }, as: UTF8.self)
    }
}
