extension String {
    /// The word, quoted for a shell if it needs quotes; bytes that are not UTF-8 as Bash, Zsh and
    /// POSIX 2024 read them.
    package var shellQuoted: String {
        if unicodeScalars.contains(where: \.isPathByte) {
            let quoted = replacing("\\", with: #"\\"#).replacing("'", with: #"\'"#)
            return "$'\(quoted.showingPathBytes)'"
        }
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

    /// The word of which this one is probably a misspelling.
    package func nearest(in words: [String]) -> String? {
        words.map { (word: $0, distance: distance(to: $0)) }
            .filter { $0.distance <= max(2, count / 3) }.min { $0.distance < $1.distance }?.word
    }

    /// The Levenshtein distance: insertions, deletions and replacements.
    private func distance(to other: String) -> Int {
        let other = Array(other.unicodeScalars)
        var row = Array(0...other.count)
        for (index, scalar) in unicodeScalars.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let replaced = diagonal + (scalar == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(replaced, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[other.count]
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
