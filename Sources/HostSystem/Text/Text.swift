extension String {
    /// The word, quoted for a shell if it needs quotes.
    package var shellQuoted: String {
        let isSafe = { (character: Character) in
            character.isLetter || character.isNumber || "-_./=,:+@".contains(character)
        }
        if !isEmpty, allSatisfy(isSafe) { return self }
        return "'\(replacing("'", with: #"'\''"#))'"
    }

    /// Returns the text with each `mark` replaced.
    ///
    /// It compares scalars: a combining character after a mark must not hide that mark.
    package func replacing(_ mark: String, with replacement: String) -> String {
        unicodeScalars.split(separator: mark.unicodeScalars, omittingEmptySubsequences: false)
            .map(String.init).joined(separator: replacement)
    }

    /// Returns what follows that prefix, or nil if the text does not start with it.
    package func afterPrefix(_ prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}

/// Numbers as text.
package enum Number {
    package static func hex(_ number: some BinaryInteger) -> String {
        "0x" + String(number, radix: 16)
    }
}
