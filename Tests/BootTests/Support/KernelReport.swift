import Foundation
import Testing

/// What a kernel of tests says of itself, without the loader's lines and addresses in its code.
struct KernelReport: Equatable {
    var lines: [String]
    var exitCode: Int32

    init(_ result: BootResult) {
        let start = result.serial.range(of: "KTAP version 1\n")?.lowerBound
        lines = result.serial[(start ?? result.serial.startIndex)...]
            .replacing(/, at 0x[0-9a-f]+/, with: ", at …").split(separator: "\n").map(
                String.init)
        exitCode = result.exitCode
    }

    /// Fails the test unless the second of three tests ended them all.
    func expectBailOut(
        in test: String, _ message: String, exitCode: Int32,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            lines == [
                "KTAP version 1", "1..3",
                "# begin adds", "ok 1 adds",
                "# begin \(test)",
                "Bail out! \(message)",
            ], sourceLocation: sourceLocation)
        #expect(self.exitCode == exitCode, sourceLocation: sourceLocation)
    }
}
