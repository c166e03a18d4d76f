import HostSystem

extension RustV0Name {
    private static let basicTypes: [Unicode.Scalar: String] = [
        "a": "i8", "b": "bool", "c": "char", "d": "f64", "e": "str", "f": "f32", "h": "u8",
        "i": "isize", "j": "usize", "l": "i32", "m": "u32", "n": "i128", "o": "u128", "p": "_",
        "s": "i16", "t": "u16", "u": "()", "v": "...", "x": "i64", "y": "u64", "z": "!",
    ]

    mutating func type() throws(Malformed) {
        try nested { (name) throws(Malformed) in try name.anyType() }
    }

    private mutating func anyType() throws(Malformed) {
        let tag = try next()
        if let basic = Self.basicTypes[tag] { return try write(basic) }
        switch tag {
        case "R": try referenceType("&")
        case "Q": try referenceType("&", "mut ")
        case "P": try prefixed("*const ")
        case "O": try prefixed("*mut ")
        case "S":
            try prefixed("[")
            try write("]")
        case "A":
            try prefixed("[")
            try write("; ")
            try constant()
            try write("]")
        case "T":
            try write("(")
            let count = try list { (name) throws(Malformed) in try name.type() }
            try write(count == 1 ? ",)" : ")")
        case "F": try binder { (name) throws(Malformed) in try name.functionType() }
        case "D": try traitObject()
        case "B": try reference { (name) throws(Malformed) in try name.type() }
        default:
            position -= 1
            try path()
        }
    }

    private mutating func prefixed(_ prefix: String) throws(Malformed) {
        try write(prefix)
        try type()
    }

    private mutating func referenceType(
        _ sign: String, _ mutability: String = ""
    ) throws(Malformed) {
        try write(sign)
        if take("L") {
            let index = try base62()
            if index > 0 {
                try lifetime(index)
                try write(" ")
            }
        }
        try prefixed(mutability)
    }

    private mutating func functionType() throws(Malformed) {
        if take("U") { try write("unsafe ") }
        if take("K") {
            let convention = take("C") ? "C" : try plainIdentifier().replacing("_", with: "-")
            try write("extern \"\(convention)\" ")
        }
        try write("fn(")
        try list { (name) throws(Malformed) in try name.type() }
        try write(")")
        if !take("u") { try prefixed(" -> ") }
    }

    private mutating func traitObject() throws(Malformed) {
        try write("dyn ")
        try binder { (name) throws(Malformed) in
            try name.list(separator: " + ") { (name) throws(Malformed) in try name.boundTrait() }
        }
        guard take("L") else { throw Malformed() }
        let index = try base62()
        if index > 0 {
            try write(" + ")
            try lifetime(index)
        }
    }

    /// A trait with its generic arguments and its associated types in one pair of brackets.
    private mutating func boundTrait() throws(Malformed) {
        var isOpen = try openPath()
        while take("p") {
            try write(isOpen ? ", " : "<")
            isOpen = true
            try write("\(try plainIdentifier()) = ")
            try type()
        }
        if isOpen { try write(">") }
    }

    /// Writes a path; returns whether its bracket of generic arguments is open.
    private mutating func openPath() throws(Malformed) -> Bool {
        if take("B") {
            var isOpen = false
            try reference { (name) throws(Malformed) in isOpen = try name.openPath() }
            return isOpen
        }
        let isGeneric = take("I")
        try path()
        guard isGeneric else { return false }
        try write("<")
        try list { (name) throws(Malformed) in try name.genericArgument() }
        return true
    }

    mutating func constant() throws(Malformed) {
        try nested { (name) throws(Malformed) in try name.anyConstant() }
    }

    private mutating func anyConstant() throws(Malformed) {
        switch try next() {
        case "B": try reference { (name) throws(Malformed) in try name.constant() }
        case "p": try write("_")
        case "a", "s", "l", "x", "n", "i":
            if take("n") { try write("-") }
            try write(try integer())
        case "h", "t", "m", "y", "o", "j": try write(try integer())
        case "b":
            switch try hexDigits() {
            case "0": try write("false")
            case "1": try write("true")
            default: throw Malformed()
            }
        case "c":
            guard let value = UInt32(try hexDigits(), radix: 16),
                let scalar = Unicode.Scalar(value)
            else { throw Malformed() }
            try write("'\(scalar.escaped(asASCII: false))'")
        default: throw Malformed()
        }
    }

    /// A number in decimal, or in hexadecimal if it has more than 64 bits.
    private mutating func integer() throws(Malformed) -> String {
        let digits = try hexDigits()
        return UInt64(digits, radix: 16).map { "\($0)" } ?? "0x\(digits)"
    }
}
