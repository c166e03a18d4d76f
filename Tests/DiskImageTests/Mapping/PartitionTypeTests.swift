import TestSupport
import Testing

@testable import DiskImage

/// The names of partition types, compared with those of util-linux.
@Suite(.needs("sfdisk"))
struct PartitionTypeTests {
    @Test func `sfdisk knows every GUID`() async throws {
        let list = try await Tool(name: "sfdisk").succeed(["--list-types", "--label", "gpt"])
        for (type, name) in GPTPartitionEntry.typeNames {
            let line = list.lines.first { $0.hasPrefix(type) }
            let word = name.split { " (".contains($0) }.last.map(String.init) ?? name
            let theirs = line?.lowercased().replacing("filesystem", with: "data")
            #expect(theirs?.contains(word.lowercased().prefix(4)) == true, "\(type) \(name)")
        }
    }

    @Test func `sfdisk knows every byte`() async throws {
        let list = try await Tool(name: "sfdisk").succeed(["--list-types", "--label", "dos"])
        let known = Set(list.lines.compactMap { $0.split(separator: " ").first }.map(String.init))
        for type in MBRPartitionEntry.Kind.names.keys where type != 0xCD {
            #expect(known.contains(String(type, radix: 16)), "\(type)")
        }
    }
}
