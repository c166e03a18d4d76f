import ELFKit
import TestSupport
import Testing

@testable import ELFSamples

/// A damaged kernel is either refused or loaded.
@Suite("Damaged kernels")
struct RobustnessTests {
    /// A kernel with everything that ELFKit reads.
    private static let everything: [UInt8] = {
        var kernel = ELFBuilder()
        kernel.type = 3
        kernel.addEveryTable()
        kernel.addTLS()
        kernel.addRELRO(0x101280..<0x102000)
        kernel.addConfiguration(KernelConfiguration().encoded())
        return kernel.bytes()
    }()

    /// Whether the kernel can be loaded; fails the test on any error but an `ELFError` of one line.
    ///
    /// An inspection must have the same verdict and the same first error.
    private static func isLoaded(_ bytes: [UInt8]) throws -> Bool {
        let inspection = try inspect(bytes)
        do {
            let kernel = try load(bytes)
            #expect(inspection.kernel == kernel)
            #expect(kernel.loadedFileRange.upperBound <= bytes.count)
            #expect(kernel.segments.allSatisfy { $0.fileByteCount <= $0.memoryByteCount })
            return true
        } catch let error as ELFError {
            #expect(error.isOneLine)
            #expect(inspection.kernel == nil)
            #expect(inspection.findings.first?.message == error.problem.message)
            return false
        }
    }

    @Test func `a truncated kernel is refused`() throws {
        #expect(try Self.isLoaded(Self.everything))
        for byteCount in Self.everything.indices {
            #expect(
                try Self.isLoaded(Array(Self.everything.prefix(byteCount)))
                    == (byteCount >= 0x640 + 3 * 64), "\(byteCount) bytes")
        }
    }

    @Test func `a stripped kernel may be truncated after its last segment only`() throws {
        let stripped = ELFBuilder().bytes()
        for byteCount in stripped.indices {
            #expect(try !Self.isLoaded(Array(stripped.prefix(byteCount))), "\(byteCount) bytes")
        }
        #expect(try Self.isLoaded(stripped + [0]))
    }

    @Test(arguments: 1...8)
    func `random damage never crashes`(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        var loadedCount = 0
        for _ in 0..<500 {
            var bytes = Self.everything
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                Self.damage(&bytes, with: &random)
            }
            if try Self.isLoaded(bytes) { loadedCount += 1 }
        }
        // Most of the file is code and data, which may have any value.
        #expect((1..<500).contains(loadedCount))
    }

    /// Overwrites bytes of a header or a table with a number that is likely to break a rule.
    private static func damage(_ bytes: inout [UInt8], with random: inout SplitMix64) {
        let tables = [0..<0x190, 0x280..<0x400, 0x400..<0x490, 0x600..<0x700]
        let place = tables.randomElement(using: &random).map { table in
            UInt64.random(in: UInt64(table.lowerBound)..<UInt64(table.upperBound), using: &random)
        }
        let numbers: [UInt64] = [0, 1, 0x7fff_ffff, .max, .max - 0xfff, 1 << 63, random.next()]
        let value = numbers.randomElement(using: &random) ?? 0
        let width = Int.random(in: 1...8, using: &random)
        bytes.replace(at: place ?? 0, with: Array(number(value).prefix(width)))
    }
}
