import ELFKit
import Foundation
import SystemPackage
import TestSupport
import Testing

/// The header as kernels in C and C++ include it: alone, with every warning an error.
@Suite(.needs("clang", "clang++", "ld.lld"))
struct HeaderTests {
    private static let source = """
        #include "bootinfo.h"

        BOOT_CONFIGURATION(
            32 << 10,
            .kernel_stack = BOOT_FIXED(0xFFFF900000000000),
            .physical_memory = BOOT_MAPPED(BOOT_DYNAMIC),
            .page_table_recursive = BOOT_MAPPED(BOOT_FIXED(0xFFFFA00000000000)),
            .aslr = 1,
            .dynamic_range_start = BOOT_LIMIT(0xFFFF800000000000));

        #if defined(__cplusplus)
        extern "C"
        #endif
        void _start(struct boot_info *info);
        void _start(struct boot_info *info) {
            for (;;) {
                info->test_sentinel++;
            }
        }
        """

    /// The same wishes as the reader of kernels sees them.
    private static var expected: BootConfiguration {
        var configuration = BootConfiguration()
        configuration.kernelStackByteCount = 32 << 10
        configuration.kernelStack = .fixed(0xFFFF_9000_0000_0000)
        configuration.physicalMemory = .dynamic
        configuration.recursivePageTable = .fixed(0xFFFF_A000_0000_0000)
        configuration.randomizesAddresses = true
        configuration.dynamicRangeStart = 0xFFFF_8000_0000_0000
        return configuration
    }

    @Test(arguments: [
        ("clang", "c11"), ("clang", "c17"), ("clang", "c23"),
        ("clang++", "c++11"), ("clang++", "c++17"), ("clang++", "c++20"),
    ])
    func `the section says the same in every language`(
        compiler: String, standard: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let source = folder.appending(compiler == "clang" ? "kernel.c" : "kernel.cpp")
            let (object, kernel) = (folder.appending("kernel.o"), folder.appending("kernel.elf"))
            try Data(Self.source.utf8).write(to: URL(filePath: source.string))
            try await Tool(name: compiler).succeed([
                "--target=x86_64-unknown-none-elf", "-ffreestanding", "-fno-pic",
                "-std=\(standard)", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                "-I", Project.root.appending("Sources/BootInfo/CBootInfo/include").string,
                "-c", source.string, "-o", object.string,
            ])
            try await Tool(name: "ld.lld").succeed(
                ["-static", "--gc-sections", object.string, "-o", kernel.string])
            #expect(try KernelELF.load(kernel).bootConfiguration == Self.expected)
        }
    }
}
