import DiskImage
import ELFSamples
import Foundation
import SystemPackage
import TestSupport
import Testing

/// A mutant of a sample kernel, in an image that the builder would refuse to make.
struct MutantBoot: Sendable {
    /// What a loader makes of a mutant.
    enum Outcome: Equatable {
        /// The kernel printed a line.
        case started
        /// The loader's last line is the entry point: the kernel hung, or reset the machine.
        case entered(String)
        case refused(String)
        /// The loader hung, reset the machine, or ended in an exception.
        case defect(String)
    }

    /// A kernel that mutants are derived from.
    struct Seed: Sendable {
        var kernel: SampleKernel
        var processor = SampleKernel.Processor.x86
        /// On which firmware it is booted; nil: mostly BIOS, sometimes UEFI.
        var firmware: Firmware?

        init(
            _ kernel: SampleKernel, _ processor: SampleKernel.Processor = .x86,
            on firmware: Firmware? = nil
        ) {
            (self.kernel, self.processor, self.firmware) = (kernel, processor, firmware)
        }

        /// A kernel of the Limine protocol.
        static func limine(
            _ shape: SampleKernel.Shape, _ definitions: String...,
            processor: SampleKernel.Processor = .x86
        ) -> Seed {
            Seed(
                SampleKernel(
                    source: "limine.c", shape: shape, definitions: definitions,
                    processor: processor),
                processor, on: processor == .arm ? .uefi : nil)
        }

        static let all: [Seed] = [
            limine(.higherHalf, "BASE_REVISION=3", "ENTRY", "STACK_SIZE=0x40000"),
            limine(.positionIndependent, "BASE_REVISION=6", "PAGING_MODE=1"),
            limine(.higherHalf, "BASE_REVISION=0", "REQUEST_LIST"),
            limine(.higherHalf, "BASE_REVISION=6", processor: .arm),
            Seed(MultibootTests.Row().kernel),
            Seed(MultibootTests.Row(processor: .x86, definition: "ADDRESSES").kernel),
            Seed(MultibootTests.Row(definition: relocatable).kernel),
            Seed(MultibootTests.Row(definition: "FRAMEBUFFER=1024,768,32").kernel),
            Seed(MultibootTests.Row(processor: .x86, definition: "EFI").kernel, on: .uefi),
            Seed(MultibootTests.Row(source: "multiboot.c").kernel),
            Seed(MultibootTests.Row(source: "multiboot.c", processor: .x86).kernel),
            Seed(MultibootTests.Row(source: "multiboot.c", definition: "ADDRESSES").kernel),
        ]

        private static let relocatable = "RELOCATABLE=0x800000,0x8000000,0x1000,2"
    }

    /// The first time limit, in seconds: boots that take longer are repeated with more patience.
    private static let limit = 20

    private let mutant: Mutant
    private let seed: Seed

    init(number: UInt64, of seeds: [MutantSeed]) {
        mutant = Mutant(number: number, of: seeds)
        seed = Seed.all[Int(number % UInt64(seeds.count))]
    }

    private var firmware: Firmware {
        let (round, index) = mutant.number.quotientAndRemainder(dividingBy: UInt64(Seed.all.count))
        return seed.firmware ?? ((round + index) % 8 == 1 ? .uefi : .bios)
    }

    var description: String {
        "mutant \(mutant.number) of \(seed.kernel) on \(firmware.rawValue)"
    }

    /// Builds the kernels that mutants are derived from.
    static func seeds(in folder: FilePath) async throws -> [MutantSeed] {
        var seeds: [MutantSeed] = []
        for seed in Seed.all {
            let path = try await seed.kernel.build(in: folder)
            let file = try Data(contentsOf: URL(filePath: path.string))
            seeds.append(MutantSeed(seed.kernel.description, linked: [UInt8](file)))
        }
        return seeds
    }

    /// Boots the mutants, as many at a time as there are processors.
    static func outcomes(of boots: [MutantBoot], in folder: FilePath) async throws -> Report {
        var report = Report()
        var late: [MutantBoot] = []
        for boot in boots {
            try ImageWriter().write(
                RefusalTests.layout(
                    kernel: boot.mutant.file, for: boot.firmware, processor: boot.seed.processor),
                to: boot.image(in: folder))
        }
        for (boot, result) in try await results(of: boots, in: folder, seconds: limit) {
            let outcome = boot.outcome(of: result, in: folder)
            if case .defect = outcome, result.verdict == "timed-out" {
                late.append(boot)
            } else {
                try report.add(outcome, of: boot, in: folder)
            }
        }
        for (boot, result) in try await results(of: late, in: folder, seconds: patience) {
            try report.add(boot.outcome(of: result, in: folder), of: boot, in: folder)
        }
        for boot in boots {
            try FileManager.default.removeItem(atPath: boot.image(in: folder).string)
        }
        return report
    }

    private static func results(
        of boots: [MutantBoot], in folder: FilePath, seconds: Int
    ) async throws -> [(MutantBoot, TestReport.Result)] {
        if boots.isEmpty { return [] }
        let arguments =
            ["test", "--json", "--timeout", "\(seconds)", "--logs", folder.string]
            + boots.map { $0.image(in: folder).string }
        let verdict = try await BootSlots.shared.run { try await Project.bootimage.run(arguments) }
        let report = try #require(
            try? JSONDecoder().decode(TestReport.self, from: Data(verdict.output.utf8)),
            "\(verdict.text)")
        try #require(report.results.count == boots.count, "\(verdict.text)")
        return Array(zip(boots, report.results))
    }

    private func image(in folder: FilePath) -> FilePath {
        folder.appending("mutant-\(mutant.number).img")
    }

    private func log(in folder: FilePath) -> String {
        let name = "mutant-\(mutant.number).\(firmware.rawValue).log"
        let bytes = FileManager.default.contents(atPath: folder.appending(name).string)
        return String(decoding: bytes ?? Data(), as: UTF8.self).replacing("\r\n", with: "\n")
    }

    private func outcome(of result: TestReport.Result, in folder: FilePath) -> Outcome {
        let lines = log(in: folder).split(separator: "\n")
        if result.verdict == "loader-refused" { return .refused(result.message) }
        guard let entry = lines.lastIndex(where: { $0.hasPrefix("bootimage: entry point ") })
        else { return .defect(result.message) }
        // With boot services, the loader also reports the kernel's own exceptions.
        if lines[(entry + 1)...].contains(where: { !$0.hasPrefix("bootimage: ") }) {
            return .started
        }
        return result.verdict == "loader-failed"
            ? .defect(result.message) : .entered(result.message)
    }
}

/// What `bootimage test --json` prints, as far as it matters here.
private struct TestReport: Decodable {
    struct Result: Decodable {
        var verdict, message: String
    }

    var results: [Result]
}

extension MutantBoot {
    /// The outcomes of some boots.
    struct Report: CustomStringConvertible {
        private(set) var startedCount: UInt64 = 0
        private(set) var enteredCount: UInt64 = 0
        private(set) var defectCount: UInt64 = 0
        /// The number of refused mutants by the loader's message, without its numbers.
        private(set) var refusals: [String: UInt64] = [:]

        private var refusedCount: UInt64 { refusals.values.reduce(0, +) }
        var count: UInt64 { startedCount + enteredCount + refusedCount + defectCount }

        mutating func add(_ other: Report) {
            startedCount += other.startedCount
            enteredCount += other.enteredCount
            defectCount += other.defectCount
            refusals.merge(other.refusals, uniquingKeysWith: +)
        }

        /// Counts an outcome; the image of a defect stays in the temporary folder.
        fileprivate mutating func add(
            _ outcome: Outcome, of boot: MutantBoot, in folder: FilePath
        ) throws {
            switch outcome {
            case .started: startedCount += 1
            case .entered(let message):
                enteredCount += 1
                print("\(boot.description) was entered: \(message)")
            case .refused(let message):
                refusals[
                    message.replacing(/[:,]? (allowed )?(0x[0-9a-f]+|[0-9]+)/, with: ""), default: 0
                ] += 1
            case .defect(let message):
                defectCount += 1
                let place = FileManager.default.temporaryDirectory
                    .appending(path: "bootimage-mutant-\(boot.mutant.number).img")
                try? FileManager.default.removeItem(at: place)
                try FileManager.default.copyItem(
                    at: URL(filePath: boot.image(in: folder).string), to: place)
                Issue.record(
                    """
                    \(boot.description): \(message); kept as \(place.path); the guest said:
                    \(boot.log(in: folder))
                    """)
            }
        }

        var description: String {
            "mutants \(count), started \(startedCount), entered \(enteredCount), "
                + "refused \(refusedCount) by \(refusals.count) messages, defects \(defectCount)"
        }
    }
}
