import DiskImage
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Images with hundreds of files and lengths of all orders of magnitude, on each type of FAT.
///
/// A sample of them; `make soak` does all.
@Suite(.needsImageTools)
struct FATScaleTests {
    /// Shorter by the tables, and by half a cluster of 32 KiB for each file.
    private static func longest(_ type: FATType) -> Int {
        type == .fat12 ? 110 << 20 : 1 << 30
    }

    @Test func `every tool finds images in order, and all files in them`() async throws {
        let count = Soak.count(600, sample: 9)
        var (fileCount, faults) = (0, [String]())
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            for number in 0..<count {
                if number >= 2, let outcome = try await group.next() {
                    fileCount += outcome.fileCount
                    faults += outcome.faults
                }
                group.addTask { try await Self.check(number) }
            }
            for try await outcome in group {
                fileCount += outcome.fileCount
                faults += outcome.faults
            }
        }
        let types = FATType.allCases.enumerated().map { index, type in
            "\(type.name) \((count + 2 - index) / 3)"
        }
        print(
            "images \(count), \(types.joined(separator: ", ")), files \(fileCount), "
                + "faults \(faults.count)")
        #expect(faults.isEmpty, "\(faults.prefix(20).joined(separator: "\n"))")
    }

    private struct Outcome {
        var fileCount: Int
        var faults: [String]
    }

    /// Builds the image with that number, asks every tool, removes it.
    private static func check(_ number: Int) async throws -> Outcome {
        let type = FATType.allCases[number % 3]
        var random = SplitMix64(state: UInt64(number) &* 0x1000_0000_01b3)
        // Each order of magnitude is as likely as the next.
        let magnitude = Double.random(in: 0...1, using: &random)
        let least = 64.0 * 1024
        let byteCount = Int(least * pow(Double(longest(type)) / least, magnitude))
        let count = Int.random(in: 100...300, using: &random)
        var outcome = Outcome(fileCount: 0, faults: [])
        try await withKernel { folder, _ in
            let files = try RandomFiles(
                seed: random.next(), count: count, byteCount: byteCount, in: folder
            ).files
            let report = try await ImageReport.ofImage(type, of: files, in: folder)
            outcome.fileCount = files.count
            outcome.faults = report.map {
                "image \(number), \(type.name), \(byteCount) bytes: \($0)"
            }
        }
        return outcome
    }
}
