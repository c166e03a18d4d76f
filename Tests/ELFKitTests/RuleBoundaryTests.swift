import ELFKit
import Testing

@testable import ELFSamples

/// Every rule at its boundary: the last kernel that satisfies it, and the first that breaks it.
///
/// The other suites check the exact errors; this one checks that no rule is missing.
@Suite("Both sides of every rule")
struct RuleBoundaryTests {
    /// Two kernels that differ as little as possible.
    struct Boundary: CustomTestStringConvertible, Sendable {
        typealias Change = @Sendable (inout ELFBuilder) -> Void

        let rule: ELFRule
        let allowed: Change
        let broken: Change

        init(_ rule: ELFRule, allowed: @escaping Change, broken: @escaping Change) {
            (self.rule, self.allowed, self.broken) = (rule, allowed, broken)
        }

        var testDescription: String { rule.rawValue }
    }

    static let all =
        header + segments + dynamic + relocations + configuration + requests + protocols
        + warnings

    /// Rules without a row.
    ///
    /// `FileTests` covers those on the file, `FlatKernelTests` those on flat kernels,
    /// `BootProtocolTests` the selection of a protocol, the
    /// executable's tests those on code. No file is known that satisfies all other rules and that
    /// libelf cannot decode.
    static let testedElsewhere: Set<ELFRule> = [
        .fileOpen, .fileRead, .fileShrank, .fileRegular, .elfDecode, .protocolSupported,
        .codeSSE, .codeRedZone, .codeNotSeen, .flatArchitecture, .flatType, .flatAddress,
        .flatImageAddress, .flatImageSize, .flatEntry, .flatGaps, .flatMemory,
    ]

    @Test(arguments: all)
    func allowed(_ boundary: Boundary) throws {
        let bytes = Self.kernel(boundary.allowed)
        let inspection = try inspect(bytes)
        #expect(!inspection.findings.contains { $0.rule == boundary.rule })
        #expect(inspection.isLoadable)
        #expect(try load(bytes) == inspection.kernel)
    }

    @Test(arguments: all)
    func broken(_ boundary: Boundary) throws {
        let bytes = Self.kernel(boundary.broken)
        let inspection = try inspect(bytes)
        let finding = try #require(inspection.findings.first { $0.rule == boundary.rule })
        #expect(!finding.message.isEmpty && !finding.details.place.isEmpty)
        #expect(!finding.details.field.isEmpty)
        let isError = boundary.rule.severity == .error
        #expect(inspection.isLoadable == !isError)
        #expect((finding.details.found != nil && finding.details.allowed != nil))
        guard isError else { return }
        let refusal = #expect(throws: ELFError.self) { try load(bytes) }
        // `load` throws the first of the findings.
        #expect(refusal?.problem.rule == inspection.findings.first?.rule)
        #expect(refusal?.problem.description == inspection.findings.first?.description)
    }

    @Test func `every rule is tested`() {
        let tested = Self.all.map(\.rule)
        #expect(Set(tested).count == tested.count)
        #expect(Set(tested).isDisjoint(with: Self.testedElsewhere))
        #expect(Set(tested).union(Self.testedElsewhere) == Set(ELFRule.allCases))
    }

    private static func kernel(_ change: Boundary.Change) -> [UInt8] {
        var kernel = ELFBuilder()
        change(&kernel)
        return kernel.bytes()
    }
}
