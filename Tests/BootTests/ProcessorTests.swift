import Foundation
import SystemPackage
import TestSupport
import Testing

/// The processors and the firmware's tables, as kernels of the first contract find them.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct ProcessorTests {
    @Test(arguments: Firmware.allCases, [1, 4, 64])
    func `each processor is parked, then started`(
        _ firmware: Firmware, _ count: Int
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "processors.c", shape: .higherHalf)
                .build(in: folder)
            let result = try await boot(
                kernel, on: firmware, qemu: ["-smp", "\(count)"])
            Self.expect(count, in: result)
        }
    }

    @Test(
        .needs("qemu-system-aarch64"),
        arguments: [
            ([], 1), ([], 4), (["virtualization=on"], 4), (["gic-version=3"], 64),
            (["acpi=off"], 4),
        ])
    func `each processor for AArch64 is parked, then started`(
        _ properties: [String], _ count: Int
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "processors.c", shape: .higherHalf, processor: .arm
            ).build(in: folder)
            let machine = VirtMachine(properties: properties)
            let result = try await machine.boot(kernel, qemu: ["-smp", "\(count)"])
            Self.expect(count, in: result)
        }
    }

    @Test func `a plain kernel starts them as well`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "processors.c", shape: .oneMebibyte)
                .build(in: folder)
            Self.expect(4, in: try await boot(kernel, on: .bios, qemu: ["-smp", "4"]))
        }
    }

    @Test func `without a request, no processor is started and nothing is measured`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "processors.c", shape: .higherHalf, definitions: ["SILENT"]
            ).build(in: folder)
            let result = try await boot(kernel, on: .bios, qemu: ["-smp", "4"])
            result.expect("processors: 0x0000000000000000\n")
            result.expect("counter frequency: 0x0000000000000000\n")
            result.expectSuccess()
        }
    }

    @Test(arguments: Firmware.allCases)
    func `the firmware's tables and the time are there`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "processors.c", shape: .positionIndependent, definitions: ["COUNTER"]
            ).build(in: folder)
            let result = try await boot(kernel, on: firmware)
            let lines = try KernelLines(result)
            let frequency = try #require(lines.number("counter frequency"))
            #expect(frequency > 100_000_000 && frequency < 20_000_000_000, "\(result.serial)")
            let time = try #require(lines.number("boot time"))
            #expect(abs(Double(time) - Date().timeIntervalSince1970) < 600, "\(result.serial)")
            #expect(lines.number("SMBIOS") ?? 0 > 0, "\(result.serial)")
            let pages = lines.number("pages in UEFI's map") ?? 0
            if firmware == .uefi {
                #expect(lines.number("EFI system table") ?? 0 > 0, "\(result.serial)")
                #expect(pages > 0x8000, "\(result.serial)")
            } else {
                result.expect("EFI system table: none")
                #expect(pages == 0, "\(result.serial)")
            }
        }
    }

    private static func expect(_ count: Int, in result: BootResult) {
        #expect(
            result.serial.matches(of: /faults 0x0000000000000000\n/).count == count - 1,
            "\(result.serial)")
        result.expectSuccess()
    }
}
