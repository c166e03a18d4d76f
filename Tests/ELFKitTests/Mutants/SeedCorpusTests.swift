import ELFKit
import TestSupport
import Testing

@Suite("Seeds for fuzzing", .enabled(if: SeedCorpus.folder != nil, "FUZZ_CORPUS is not set"))
struct SeedCorpusTests {
    @Test func kernels() throws {
        let mutants = (0..<200).map { Mutant(number: $0).file }
        try SeedCorpus.write(MutantSeed.all.map(\.file) + mutants, for: "elf")
    }

    @Test func configurations() throws {
        let sections = [KernelConfiguration().encoded(), MutantSeed.fullConfiguration]
        let old = sections.map { Array($0.prefix(124)) }
        try SeedCorpus.write(sections + old, for: "config")
    }
}
