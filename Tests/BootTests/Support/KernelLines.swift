import Testing

/// The lines `name: value …` of a kernel that prints what its boot protocol gave it.
struct KernelLines: Sendable {
    private let lines: [(name: String, values: String)]

    /// What the guest said, for messages.
    let text: String

    /// Reads the lines of a guest that must have ended with success.
    init(_ result: BootResult, sourceLocation: SourceLocation = #_sourceLocation) throws {
        text = result.serial
        lines = text.split(separator: "\n").compactMap { line in
            line.firstRange(of: ":").map { colon in
                let values = line[colon.upperBound...].drop { $0 == " " }
                return (String(line[..<colon.lowerBound]), String(values))
            }
        }
        try #require(texts("end") == ["of report"], "\(text)", sourceLocation: sourceLocation)
        result.expectSuccess(sourceLocation: sourceLocation)
    }

    /// The values of all lines of this name, as text.
    func texts(_ name: String) -> [String] {
        lines.filter { $0.name == name }.map(\.values)
    }

    /// The numbers of all lines of this name.
    func rows(_ name: String) -> [[UInt64]] {
        texts(name).map { Self.numbers(in: $0) }
    }

    /// The first number of the only line of this name.
    func number(_ name: String) -> UInt64? {
        let rows = rows(name)
        return rows.count == 1 ? rows[0].first : nil
    }

    /// The lines that follow a line of this name, up to one of another name than `names`.
    func lines(after name: String, named names: Set<String>) -> [(name: String, values: String)] {
        guard let index = lines.firstIndex(where: { $0.name == name }) else { return [] }
        return Array(lines[(index + 1)...].prefix { names.contains($0.name) })
    }

    /// The numbers in a line's values.
    static func numbers(in values: String) -> [UInt64] {
        values.split(separator: " ").compactMap {
            $0.hasPrefix("0x") ? UInt64($0.dropFirst(2), radix: 16) : nil
        }
    }

    /// Fails the test unless the only line of this name has this number, after the mask.
    func expect(
        _ name: String, _ expected: UInt64, mask: UInt64 = .max,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = number(name).map { $0 & mask }
        #expect(
            found == expected, "\(name): 0x\(String(expected, radix: 16)) in:\n\(text)",
            sourceLocation: sourceLocation)
    }
}
