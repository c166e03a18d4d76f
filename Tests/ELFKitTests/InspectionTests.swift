@testable import ELFKit
@testable import ELFSamples
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("All findings at once")
struct InspectionTests {
    private static func rules(_ change: (inout ELFBuilder) -> Void) throws -> [ELFRule] {
        var kernel = ELFBuilder()
        change(&kernel)
        return try inspect(kernel.bytes()).findings.map(\.rule)
    }

    @Test func `a valid kernel has no findings`() throws {
        let inspection = try inspect(ELFBuilder().bytes())
        #expect(inspection.findings.isEmpty)
        #expect(inspection.kernel == (try load(ELFBuilder().bytes())))
        #expect(inspection.segments.map(\.type) == [.load, .load])
        #expect(inspection.segments.map(\.virtualAddress) == [0x100200, 0x101280])
    }

    @Test func `a broken ELF header hides all other rules`() throws {
        let rules = try Self.rules { kernel in
            (kernel.machine, kernel.type, kernel.headerByteCount) = (243, 1, 63)
            kernel.entry = 0
            kernel.segments[1].alignment = 3
        }
        #expect(rules == [.elfMachine, .elfType, .elfEntrySize])
    }

    @Test func `independent rules are all checked`() throws {
        let rules = try Self.rules { kernel in
            kernel.addConfiguration([])
            kernel.addDynamic([(5, 0)])
            kernel.segments[2].offset = 0x1000
            kernel.segments[0].alignment = 3
            kernel.segments[1].fileByteCount = 0x1000
        }
        #expect(
            rules == [
                .segmentAlignment, .segmentOutsideFile, .segmentFileSize, .segmentOutsideFile,
                .configSize,
            ])
    }

    @Test func `consequences of a broken rule are not reported`() throws {
        // Without the refused code segment, the entry point would be in no segment.
        #expect(try Self.rules { $0.segments[0].alignment = 3 } == [.segmentAlignment])
        // Without the missing library, its symbols would be undefined.
        let rules = try Self.rules { kernel in
            kernel.addRelocations([(0x101280, 6, 0)])
            kernel.contents.append((0x300, number(UInt64(1))))
        }
        #expect(rules == [.dynamicNeedsLibrary])
    }

    @Test func `errors come before warnings, and those before notes`() throws {
        let rules = try Self.rules { kernel in
            kernel.segments[0].flags = 7
            kernel.addConfiguration([])
        }
        // A refused kernel has no warnings.
        #expect(rules == [.configSize])
        var inspection = try inspect(ELFBuilder().bytes())
        inspection.add(
            [.codeNotSeen, .codeSSE, .elfEmpty].map { Finding($0, at: "", message: "") })
        #expect(inspection.findings.map(\.rule) == [.elfEmpty, .codeSSE, .codeNotSeen])
    }

    @Test func `findings past the limit of a rule are counted`() throws {
        let bad = ProblemCollector.limitByRule + 2
        var kernel = ELFBuilder()
        kernel.extendData(
            with: Array(repeatElement(encodedRelocation(type: 5), count: bad).joined()))
        kernel.addDynamic([(7, 0x101400), (8, UInt64(24 * bad)), (9, 24), (0, 0)])
        let findings = try inspect(kernel.bytes()).findings
        #expect(findings.count == ProblemCollector.limitByRule + 1)
        #expect(findings.last?.message == "2 more of this kind")
    }

    @Test func `a finding has a place, a field, and found and allowed values`() throws {
        var kernel = ELFBuilder()
        kernel.segments[1].memoryByteCount = 0x17f
        let finding = try #require(try inspect(kernel.bytes()).findings.first)
        #expect(finding.rule.severity == .error)
        #expect(
            finding.message == "segment 1 (PT_LOAD): p_filesz is 384, must be at most 383 (p_memsz)"
        )
        #expect(
            finding.details
                == Finding.Details(
                    place: "segment 1 (PT_LOAD)", field: "p_filesz", found: "384",
                    allowed: "at most 383"))
        #expect(finding.rule.remedy == "check the linker script")
    }

    @Test(arguments: ELFRule.allCases)
    func `docs/rules.md lists the rule`(_ rule: ELFRule) throws {
        let path = Project.root.appending("docs/rules.md").string
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let row = "| `\(rule)` | \(rule.statement) | \(rule.field) | \(rule.remedy) |"
        #expect(rows.count { $0 == row } == 1, "docs/rules.md needs this row:\n\(row)")
        #expect(ELFRule.texts[rule] != nil)
    }

    @Test func `docs/rules.md lists no other rule`() throws {
        let path = Project.root.appending("docs/rules.md").string
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(rows.count { $0.hasPrefix("| `") } == ELFRule.allCases.count)
    }
}
