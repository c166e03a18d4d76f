import ELFKit
import Testing

/// Every rule at its boundary: the last kernel that keeps it, and the first one that breaks it.
///
/// The suites of each room say what exactly is refused; this one sees to it that no rule is left
/// out.
@Suite("Every rule has two sides")
struct RuleBoundaryTests {
    /// Two kernels that differ in as little as can be.
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

    static let all = header + segments + dynamic + relocations + configuration + warnings

    /// Rules without a row.
    ///
    /// Those about the file are tried by `FileTests`, those about code by tests of the command. No
    /// file is known that keeps all other rules and that libelf cannot decode.
    static let triedElsewhere: Set<ELFRule> = [
        .fileOpen, .fileRead, .fileShrank, .fileRegular, .elfDecode, .codeSSE, .codeRedZone,
        .codeNotSeen,
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
        // `build` tells the first of what `inspect` tells.
        #expect(refusal?.problem.rule == inspection.findings.first?.rule)
        #expect(refusal?.problem.description == inspection.findings.first?.description)
    }

    @Test func everyRuleIsTried() {
        let tried = Self.all.map(\.rule)
        #expect(Set(tried).count == tried.count)
        #expect(Set(tried).isDisjoint(with: Self.triedElsewhere))
        #expect(Set(tried).union(Self.triedElsewhere) == Set(ELFRule.allCases))
    }

    private static func kernel(_ change: Boundary.Change) -> [UInt8] {
        var kernel = ELFBuilder()
        change(&kernel)
        return kernel.bytes()
    }
}
