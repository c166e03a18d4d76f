import Testing

@testable import DiskImage

/// Every rule for images is broken by a fault in a sound image.
struct CorruptionTests {
    @Test func `a sound image breaks no rule`() throws {
        for image in [SoundImage.bios, SoundImage.uefi, SoundImage.hybrid] {
            let verification = try image.verify()
            #expect(verification.findings.isEmpty)
            #expect(verification.isSound)
            #expect(verification.parts.count == image.layout.payloadNames.count + 1)
        }
    }

    @Test(arguments: Corruption.all)
    func `a fault is found`(_ corruption: Corruption) throws {
        let image = corruption.image
        let verification = try image.verify()
        let finding = try #require(
            verification.findings.first { $0.rule == corruption.rule },
            "\(verification.findings)")
        #expect(verification.isSound == false || corruption.rule.severity == .warning)
        #expect(finding.offset <= image.byteCount.value)
        #expect(!finding.place.isEmpty && !finding.found.isEmpty && !finding.allowed.isEmpty)
        #expect(finding.description.hasSuffix("; \(corruption.rule.remedy)"))
        #expect(!finding.found.isEmpty && !finding.allowed.isEmpty)
    }

    @Test func `every rule is broken by a fault`() {
        // Tests of the command break the rules about kernels, signatures, cards and the second
        // opinion.
        let rules = Set(ImageRule.allCases).subtracting([
            .secondOpinion, .payloadLoadable, .loaderDigests, .loaderSignature,
            .loaderSignatureUnchecked, .cardKernel, .cardFirmware,
        ])
        #expect(Set(Corruption.all.map(\.rule)) == rules)
        print("corruptions \(Corruption.all.count), rules \(ImageRule.allCases.count)")
    }

    @Test(arguments: ImageRule.allCases)
    func `every rule has a remedy`(_ rule: ImageRule) {
        #expect(!rule.field.isEmpty && !rule.remedy.isEmpty)
    }
}

extension ImageLayout {
    /// The parts that `verify` lists besides the partition.
    fileprivate var payloadNames: [String] {
        let tables = ["boot sector", "loader", "payload header", "protective MBR", "GPT", "FAT"]
        let others = ["backup", "FSInfo", "folder"]
        let named = extents.map(\.name).filter { name in
            !(tables + others).contains { name.hasPrefix($0) }
        }
        // An empty file has no extent.
        return named + (self["FSInfo"] == nil ? [] : ["empty"])
    }
}
