import HostSystem

/// The reading of a name that Rust's compiler has mangled in the v0 scheme (the rustc book, "v0
/// Symbol Format"; RFC 2603).
///
/// Disambiguating numbers of crates, which say nothing to people, are left out.
struct RustV0Name {
    /// The symbol is not of the scheme, or it exceeds a limit.
    struct Malformed: Error {}

    /// The limits on what a hostile symbol can cost: nested parts, and bytes of text.
    static let depthLimit = 128
    static let textByteCountLimit = 4096

    /// What follows `_R`; references to earlier parts are offsets in it.
    let symbol: [UInt8]
    var position = 0
    private var depth = 0
    /// The number of lifetimes that `for<…>` around the current type has named.
    private var lifetimeCount = 0
    /// Whether the current part is read only to find its end.
    private(set) var isSkipping = false
    private(set) var text = ""

    /// Returns nil for any other name.
    init?(_ symbol: String) {
        guard let rest = symbol.afterPrefix("_R") else { return nil }
        self.symbol = Array(rest.prefix { $0 != "." && $0 != "$" }.utf8)
        do throws(Malformed) {
            try path(inValue: true)
            // The crate that instantiated a generic function.
            if position < self.symbol.count {
                try skip { (name) throws(Malformed) in try name.path() }
            }
            guard position == self.symbol.count else { return nil }
        } catch {
            return nil
        }
    }

    mutating func write(_ more: some StringProtocol) throws(Malformed) {
        if isSkipping { return }
        text += more
        if text.utf8.count > Self.textByteCountLimit { throw Malformed() }
    }

    /// Reads a part that may contain itself.
    mutating func nested(
        _ body: (inout RustV0Name) throws(Malformed) -> Void
    ) throws(Malformed) {
        guard depth < Self.depthLimit else { throw Malformed() }
        depth += 1
        try body(&self)
        depth -= 1
    }

    private mutating func skip(
        _ body: (inout RustV0Name) throws(Malformed) -> Void
    ) throws(Malformed) {
        let wasSkipping = isSkipping
        isSkipping = true
        try body(&self)
        isSkipping = wasSkipping
    }

    /// Reads an earlier part again; the offset follows `B`, which has been read.
    mutating func reference(
        _ body: (inout RustV0Name) throws(Malformed) -> Void
    ) throws(Malformed) {
        let start = position - 1
        guard let target = Int(exactly: try base62()), target < start else { throw Malformed() }
        if isSkipping { return }
        let end = position
        position = target
        try nested(body)
        position = end
    }

    /// Writes parts with a separator until `E`; returns their number.
    @discardableResult
    mutating func list(
        separator: String = ", ", _ body: (inout RustV0Name) throws(Malformed) -> Void
    ) throws(Malformed) -> Int {
        var count = 0
        while !take("E") {
            if count > 0 { try write(separator) }
            try body(&self)
            count += 1
        }
        return count
    }

    /// Reads a part in which `G` may name further lifetimes.
    mutating func binder(
        _ body: (inout RustV0Name) throws(Malformed) -> Void
    ) throws(Malformed) {
        let outerCount = lifetimeCount
        if take("G") {
            let count = try base62()
            guard count < Self.textByteCountLimit else { throw Malformed() }
            try write("for<")
            for index in 0...count {
                if index > 0 { try write(", ") }
                lifetimeCount += 1
                try lifetime(1)
            }
            try write("> ")
        }
        try body(&self)
        lifetimeCount = outerCount
    }

    /// Writes the lifetime that was named that many names ago, from 1; 0 is one without a name.
    mutating func lifetime(_ index: UInt64) throws(Malformed) {
        guard index <= lifetimeCount else { throw Malformed() }
        let place = lifetimeCount - Int(index)
        let letter = Unicode.Scalar(UInt8(ascii: "a") + UInt8(min(place, 25)))
        try write(index == 0 ? "'_" : place < 26 ? "'\(letter)" : "'_\(place)")
    }

    mutating func path(inValue: Bool = false) throws(Malformed) {
        try nested { (name) throws(Malformed) in try name.anyPath(inValue) }
    }

    private mutating func anyPath(_ inValue: Bool) throws(Malformed) {
        switch try next() {
        case "C":
            try disambiguator()
            try write(try identifier())
        case "N": try nestedPath(inValue)
        case "M":
            try implementationPath()
            try qualifiedType(hasTrait: false)
        case "X":
            try implementationPath()
            try qualifiedType(hasTrait: true)
        case "Y": try qualifiedType(hasTrait: true)
        case "I":
            try path(inValue: inValue)
            try write(inValue ? "::<" : "<")
            try list { (name) throws(Malformed) in try name.genericArgument() }
            try write(">")
        case "B":
            try reference { (name) throws(Malformed) in try name.path(inValue: inValue) }
        default: throw Malformed()
        }
    }

    /// A name in a module, type or function; an upper-case letter stands for one without a name.
    private mutating func nestedPath(_ inValue: Bool) throws(Malformed) {
        let namespace = try next()
        guard namespace.properties.isAlphabetic else { throw Malformed() }
        try path(inValue: inValue)
        let number = try disambiguator()
        let name = try identifier()
        if namespace.properties.isLowercase {
            if !name.isEmpty { try write("::\(name)") }
            return
        }
        let kind =
            switch namespace {
            case "C": "closure"
            case "S": "shim"
            default: String(namespace)
            }
        try write("::{\(kind)\(name.isEmpty ? "" : ":\(name)")#\(number)}")
    }

    /// The module of an `impl`, which `<Type as Trait>` leaves out.
    private mutating func implementationPath() throws(Malformed) {
        try disambiguator()
        try skip { (name) throws(Malformed) in try name.path() }
    }

    private mutating func qualifiedType(hasTrait: Bool) throws(Malformed) {
        try write("<")
        try type()
        if hasTrait {
            try write(" as ")
            try path()
        }
        try write(">")
    }

    mutating func genericArgument() throws(Malformed) {
        if take("L") {
            try lifetime(try base62())
        } else if take("K") {
            try constant()
        } else {
            try type()
        }
    }
}
