// Test kernels in Embedded Swift with the library KernelTesting, one for each -D….

import BootInfo
import KernelTesting

@main
struct SampleTests: KernelTests {
    static var tests: TestList {
        KernelTest("adds") { expect(2 + 2, equals: 4) }
        #if FAILING
            KernelTest("goes on after a failed check") {
                expect(opaque(1) + 1 == 3, "one and one")
                expect(opaque(2) + 2, equals: 5)
                expect(Int8(truncatingIfNeeded: opaque(-4)), equals: 5, "a sign")
                expect(UInt64.max - UInt64(opaque(0)), equals: 0)
            }
            KernelTest("stops without a value") {
                guard let value = expect(opaque(1) == 1 ? nil : 1, "a number") else { return }
                expect(value, equals: 1, "never reached")
            }
            KernelTest("fails before it is skipped") {
                expect(opaque(1) == 2)
                return skip("too late")
            }
        #elseif SKIPPING
            KernelTest("  is for #1 hardware ") { skip("no such hardware") }
        #elseif FAULTING
            KernelTest("reads where nothing is mapped") { expect(read(0x1234_5678_9000) == 0) }
        #elseif TRAPPING
            KernelTest("breaks a promise") { precondition(opaque(1) == 2, "one is two") }
        #elseif OVERFLOWING
            KernelTest("uses up the stack") { expect(overflow(opaque(1)), equals: 0) }
        #elseif BAILING
            KernelTest("gives up") { bailOut("no point in going on") }
        #endif
        KernelTest("finds memory") {
            let regions = bootInfo.memoryRegions
            guard expect(!regions.isEmpty) else { return }
            expect(regions.usableByteCount > 64 << 20)
        }
    }
}

/// Hides a number from the optimizer.
@inline(never) @_optimize(none)
private func opaque(_ number: Int) -> Int { number }

private func read(_ address: UInt) -> UInt8 {
    UnsafePointer<UInt8>(bitPattern: UInt(bitPattern: opaque(Int(address))))?.pointee ?? 0
}

/// Recurses until the stack overflows.
@inline(never) @_optimize(none)
private func overflow(_ depth: Int) -> Int { depth == 0 ? 0 : overflow(depth + 1) + 1 }
