import SystemPackage
import TestSupport
import Testing

/// "Hello World!" in the text buffer, each character with attribute 0x0b: light cyan on black.
private let greeting = "Hello World!".utf8.reduce(into: [UInt8]()) { $0 += [$1, 0x0B] }

/// What a person sees.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64"))
struct ScreenTests {
    @Test(arguments: SampleKernel.Shape.usual)
    func `a kernel that only writes to 0xb8000 prints there`(
        _ shape: SampleKernel.Shape
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "vga.c", shape: shape).build(in: folder)
            try await Machine.running(kernel, on: .bios, folder: folder) { machine in
                try await machine.poll {
                    try await machine.memory(at: 0xB8000, count: 24) == greeting
                }
            }
        }
    }
}

/// The sample kernel, as `make kernel` built it.
@Suite(.needs("qemu-system-x86_64", Project.sampleKernel.string))
struct SampleKernelTests {
    @Test(arguments: Firmware.allCases)
    func `the Swift kernel greets and tells the memory map`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let kernel = folder.appending("kernel.elf")
            try await Tool(name: "cp").succeed([Project.sampleKernel.string, kernel.string])
            let result = try await boot(kernel, on: firmware)
            result.expect("Hello World!\n\nMemory:\n")
            result.expect("  usable\n")
            result.expect("  bootloader\n")
            result.expectSuccess()
        }
    }

    @Test func `the Swift kernel greets in light cyan on a text screen`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = folder.appending("kernel.elf")
            try await Tool(name: "cp").succeed([Project.sampleKernel.string, kernel.string])
            try await Machine.running(kernel, on: .bios, folder: folder) { machine in
                try await machine.poll { machine.serial.contains("Memory:") }
                let cells = try await machine.memory(at: 0xB8000, count: 24)
                #expect(cells == greeting)
            }
        }
    }
}
