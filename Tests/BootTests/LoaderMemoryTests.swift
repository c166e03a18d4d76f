import Testing

@testable import LoaderTables

/// The loader's addresses, and its checked access to memory, compiled for the host.
struct LoaderMemoryTests {
    @Test func `accesses up to the end of a range succeed`() {
        Self.withMemory { memory in
            memory.store(UInt64(0x0807_0605_0403_0201), at: 5)
            #expect(memory.load(UInt32.self, at: 9) == 0x0807_0605)
            #expect(memory[12] == 8)
            #expect(memory[13..<13].byteCount == 0)
            #expect(memory[5..<13].load(UInt64.self) == 0x0807_0605_0403_0201)
            memory[5..<12].clear()
            #expect(memory.load(UInt64.self, at: 5) == 8 << 56)
        }
    }

    @Test func `an access beyond the end of a range traps`() async {
        await #expect(processExitsWith: .failure) {
            LoaderMemoryTests.withMemory { _ = $0.load(UInt64.self, at: 6) }
        }
        await #expect(processExitsWith: .failure) {
            LoaderMemoryTests.withMemory { $0.store(UInt8(0), at: 13) }
        }
        await #expect(processExitsWith: .failure) {
            LoaderMemoryTests.withMemory { _ = $0[12..<14] }
        }
        await #expect(processExitsWith: .failure) {
            LoaderMemoryTests.withMemory { $0[0..<4].copy(from: $0[4..<9]) }
        }
        await #expect(processExitsWith: .failure) {
            LoaderMemoryTests.withMemory { _ = MemoryArray<UInt32>($0)[3] }
        }
    }

    @Test func `a name is found only with its terminator`() {
        Self.withMemory { memory in
            for (index, character) in "ab\0abc".utf8.enumerated() {
                memory.store(character, at: UInt64(7 + index))
            }
            #expect(memory.holds("ab", at: 7))
            #expect(!memory.holds("a", at: 7) && !memory.holds("abc", at: 7))
            #expect(!memory.holds("abc", at: 10), "there is no terminator before the end")
            #expect(!memory.holds("a", at: 14))
        }
    }

    @Test func `addresses are rounded to pages and do not wrap around`() {
        let address = VirtualAddress(0x1234)
        #expect(address.pageStart == VirtualAddress(0x1000) && address.offsetInPage == 0x234)
        #expect(address.roundedUpToPage == VirtualAddress(0x2000))
        #expect(VirtualAddress(0x2000).roundedUpToPage == VirtualAddress(0x2000))
        #expect(VirtualAddress(~0).range(byteCount: 1) == nil)
        #expect(VirtualAddress(~0 - 1).range(byteCount: 1)?.byteCount == 1)
        #expect(PageCount(holding: 4096).rawValue == 1 && PageCount(holding: 4097).rawValue == 2)
    }

    /// Calls `body` with 13 bytes of zeros.
    static func withMemory(_ body: (PhysicalMemory) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: 13, alignment: 8) { buffer in
            guard let start = buffer.baseAddress else { return }
            let memory = PhysicalMemory(
                PhysicalAddress(UInt64(UInt(bitPattern: start))), byteCount: 13)
            memory.clear()
            body(memory)
        }
    }
}
