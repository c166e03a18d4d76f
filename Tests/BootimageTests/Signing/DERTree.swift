/// Bytes in DER as a tree, in which a test replaces parts: all lengths follow.
indirect enum DERTree: Equatable {
    case value(tag: UInt8, [UInt8])
    case list(tag: UInt8, [DERTree])

    /// Reads one element; `nil` if the bytes are something else.
    init?(_ bytes: some Collection<UInt8>) {
        var rest = Array(bytes)[...]
        guard let tree = Self.read(&rest) else { return nil }
        self = tree
    }

    private static func read(_ rest: inout ArraySlice<UInt8>) -> DERTree? {
        guard let tag = rest.popFirst(), var length = rest.popFirst().map(Int.init) else {
            return nil
        }
        if length > 0x80 {
            let digits = rest.prefix(length - 0x80)
            rest = rest.dropFirst(length - 0x80)
            length = digits.reduce(0) { $0 << 8 | Int($1) }
        }
        guard length <= rest.count else { return nil }
        var content = rest.prefix(length)
        rest = rest.dropFirst(length)
        guard tag & 0x20 != 0 else { return .value(tag: tag, Array(content)) }
        var parts: [DERTree] = []
        while !content.isEmpty {
            guard let part = read(&content) else { return nil }
            parts.append(part)
        }
        return .list(tag: tag, parts)
    }

    var bytes: [UInt8] {
        let (tag, content) =
            switch self {
            case .value(let tag, let bytes): (tag, bytes)
            case .list(let tag, let parts): (tag, parts.flatMap(\.bytes))
            }
        let count = content.count
        let digits =
            count < 0x80
            ? [UInt8(count)]
            : count < 0x100
                ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
        return [tag] + digits + content
    }

    /// A part of a list.
    subscript(index: Int) -> DERTree {
        get {
            guard case .list(_, let parts) = self else { return self }
            return parts[index]
        }
        set {
            guard case .list(let tag, var parts) = self else { return }
            parts[index] = newValue
            self = .list(tag: tag, parts)
        }
    }

    /// The parts of a list.
    var parts: [DERTree] {
        get { if case .list(_, let parts) = self { parts } else { [] } }
        set { if case .list(let tag, _) = self { self = .list(tag: tag, newValue) } }
    }
}

/// Signed data in PKCS #7, for changes.
struct SignedDataTree {
    var tree: DERTree

    init?(_ bytes: some Collection<UInt8>) {
        guard let tree = DERTree(bytes) else { return nil }
        self.tree = tree
    }

    /// The program's digest in it.
    var digest: DERTree {
        get { tree[1][0][2][1][0][1][1] }
        set { tree[1][0][2][1][0][1][1] = newValue }
    }

    var certificates: [DERTree] {
        get { tree[1][0][3].parts }
        set { tree[1][0][3].parts = newValue }
    }

    var signers: [DERTree] {
        get { tree[1][0][4].parts }
        set { tree[1][0][4].parts = newValue }
    }
}
