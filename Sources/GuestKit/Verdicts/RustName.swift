import HostSystem

/// A function's name that Rust's compiler has mangled in the legacy way: `_ZN`, each part of the
/// path after its length, a hash, `E`.
struct RustName: Equatable {
    /// The path, as `core::panicking::panic`.
    let text: String

    private static let hashLength = 17
    private static let escapes: KeyValuePairs = [
        "$LT$": "<", "$GT$": ">", "$RF$": "&", "$BP$": "*", "$LP$": "(", "$RP$": ")", "$C$": ",",
        "$SP$": "@", "$u20$": " ", "$u27$": "'", "$u5b$": "[", "$u5d$": "]", "$u7b$": "{",
        "$u7d$": "}", "$u7e$": "~", "..": "::",
    ]

    /// Returns nil for any other name; one in C++ has no hash.
    init?(_ symbol: String) {
        guard var rest = symbol.afterPrefix("_ZN") else { return nil }
        var parts: [String] = []
        while let digit = rest.first, digit.isASCII, digit.isNumber {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard let length = Int(digits), length > 0, length <= rest.count else { return nil }
            parts.append(Self.unescaped(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        guard rest.hasPrefix("E"), parts.count > 1, let hash = parts.popLast(),
            hash.hasPrefix("h"), hash.utf8.count == Self.hashLength,
            hash.dropFirst().allSatisfy(\.isHexDigit)
        else { return nil }
        text = parts.joined(separator: "::")
    }

    private static func unescaped(_ part: Substring) -> String {
        // A part that starts with an escape has an underscore before it.
        let text = String(part.hasPrefix("_$") ? part.dropFirst() : part)
        return escapes.reduce(text) { $0.replacing($1.key, with: $1.value) }
    }
}
