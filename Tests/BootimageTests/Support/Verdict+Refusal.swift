import TestSupport
import Testing

extension Tool.Verdict {
    /// Checks that the executable ended with this code and one line that says these words.
    func expectRefusal(
        _ code: Int32, saying words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(exitCode == code, "\(text)", sourceLocation: sourceLocation)
        #expect(output == "", sourceLocation: sourceLocation)
        let isOneLine = error.hasSuffix("\n") && error.count { $0.isNewline } == 1
        #expect(isOneLine, "\(error)", sourceLocation: sourceLocation)
        for word in ["bootimage: "] + words {
            #expect(error.contains(word), "\(error)", sourceLocation: sourceLocation)
        }
    }

    /// Checks that the executable succeeded and had nothing to complain about.
    func expectSuccess(
        printing output: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(exitCode == 0, "\(text)", sourceLocation: sourceLocation)
        #expect(error == "", sourceLocation: sourceLocation)
        if let output { #expect(self.output == output, sourceLocation: sourceLocation) }
    }
}
