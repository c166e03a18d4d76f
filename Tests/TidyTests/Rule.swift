import Testing

/// Something that holds in every file of the project.
struct Rule: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// A file that breaks the rule: it shows that the rule can be broken.
    var counterexample: SourceFile
    /// What breaks the rule in a file, a line of text for each.
    var offences: @Sendable (SourceFile) -> [String]

    init(
        _ sentence: String, brokenBy text: String, in path: String = "Sources/ELFKit/A.swift",
        _ offences: @escaping @Sendable (SourceFile) -> [String]
    ) {
        testDescription = sentence
        counterexample = SourceFile(path: path, text: text)
        self.offences = offences
    }
}
