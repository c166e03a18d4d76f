import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels of other boot protocols, which print their command line and modules.
enum ProtocolKernel: String, CaseIterable, Sendable {
    case limine
    case multiboot2

    var kernel: SampleKernel {
        switch self {
        case .limine:
            SampleKernel(
                source: "limine.c", shape: .higherHalf, definitions: ["BASE_REVISION=3"])
        case .multiboot2: MultibootTests.Row().kernel
        }
    }

    /// Options for a command line and for a module, which is written to a folder.
    static func parameters(in folder: FilePath) throws -> [String] {
        let module = folder.appending("module.txt").string
        try Data("hello module\n".utf8).write(to: URL(filePath: module))
        return ["--command-line", "quiet x=1", "--module", module + "=some text"]
    }

    /// Checks that a kernel found these parameters.
    func expectParameters(_ lines: KernelLines) {
        let hash: UInt64 = 0x623B_017D_6269_0179
        switch self {
        case .limine:
            #expect(
                lines.lines(after: "command line", named: ["text"]).map(\.values)
                    == ["quiet x=1"], "\(lines.text)")
            #expect(lines.texts("file string") == ["quiet x=1", "some text"], "\(lines.text)")
            #expect(lines.rows("file size").last == [13], "\(lines.text)")
            #expect(lines.rows("file hash").last == [hash], "\(lines.text)")
        case .multiboot2:
            #expect(lines.texts("command line") == ["quiet x=1"], "\(lines.text)")
            let module = lines.rows("module").first ?? []
            #expect(module.count == 3 && module[1] - module[0] == 13, "\(lines.text)")
            #expect(module.last == hash, "\(lines.text)")
            #expect(lines.texts("module").first?.hasSuffix("some text") == true, "\(lines.text)")
        }
    }
}
