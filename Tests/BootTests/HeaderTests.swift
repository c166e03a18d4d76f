import ELFKit
import Foundation
import SystemPackage
import TestSupport
import Testing

/// The headers as kernels in C and C++ include them: alone, with every warning an error.
@Suite(.needs("clang", "clang++", "ld.lld"))
struct HeaderTests {
    private static let dialects = [
        ("clang", "c11"), ("clang", "c17"), ("clang", "c23"),
        ("clang++", "c++11"), ("clang++", "c++17"), ("clang++", "c++20"),
    ]

    private static let tests = """
        #include "kernel_testing.h"

        KERNEL_TEST(compares_what_is_shorter) {
            uint8_t number = 3;
            bool holds = true;
            EXPECT_EQUAL(number, 3);
            EXPECT_EQUAL(holds, 1);
            EXPECT_EQUAL(-number, -3);
        }

        KERNEL_TEST(stops) {
            REQUIRE(sizeof(void *) == 8);
            SKIP("nothing more to do");
        }

        #if defined(__cplusplus)
        extern "C"
        #endif
        void _start(const struct boot_info *info);
        void _start(const struct boot_info *info) { run_kernel_tests(info); }
        """

    private static let configuration = """
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
    private static var expected: KernelConfiguration {
        var configuration = KernelConfiguration()
        configuration.kernelStackByteCount = 32 << 10
        configuration.kernelStack = .fixed(0xFFFF_9000_0000_0000)
        configuration.physicalMemory = .dynamic
        configuration.recursivePageTable = .fixed(0xFFFF_A000_0000_0000)
        configuration.randomizesAddresses = true
        configuration.dynamicRangeStart = 0xFFFF_8000_0000_0000
        return configuration
    }

    @Test(arguments: dialects)
    func `the section says the same in every language`(
        compiler: String, standard: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await build(
                Self.configuration, with: compiler, standard, in: folder)
            #expect(try KernelELF.load(kernel).configuration == Self.expected)
        }
    }

    @Test(.needs("qemu-system-aarch64", "timeout"), arguments: [dialects.first!, dialects.last!])
    func `tests run on AArch64 as well`(compiler: String, standard: String) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await build(
                Self.tests, with: compiler, standard, for: ["--target=aarch64-none-elf"],
                in: folder)
            let result = try await VirtMachine().boot(kernel)
            result.expect("ok 2 stops # SKIP nothing more to do\n")
            #expect(result.exitCode == 0)
        }
    }

    @Test(.needs("qemu-system-x86_64", "timeout"), arguments: dialects)
    func `tests run in every language`(compiler: String, standard: String) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await build(
                Self.tests, with: compiler, standard, in: folder)
            let result = try await boot(kernel, on: .bios)
            result.expect("ok 1 compares_what_is_shorter\n")
            result.expect("ok 2 stops # SKIP nothing more to do\n")
            result.expectSuccess()
        }
    }

    /// Compiles with every warning an error, links, and returns the kernel's path.
    private func build(
        _ text: String, with compiler: String, _ standard: String,
        for target: [String] = ["--target=x86_64-unknown-none-elf", "-mno-red-zone", "-mno-sse"],
        in folder: FilePath
    ) async throws -> FilePath {
        let source = folder.appending(compiler == "clang" ? "kernel.c" : "kernel.cpp")
        let (object, kernel) = (folder.appending("kernel.o"), folder.appending("kernel.elf"))
        try Data(text.utf8).write(to: URL(filePath: source.string))
        let headers = ["BootInfo/CBootInfo", "KernelRuntime"].map {
            Project.root.appending("Sources/\($0)/include").string
        }
        try await Tool(name: compiler).succeed(
            target + ["-ffreestanding", "-fno-pic", "-std=\(standard)"]
                + ["-Wall", "-Wextra", "-Wpedantic", "-Werror"] + headers.flatMap { ["-I", $0] }
                + ["-c", source.string, "-o", object.string])
        try await Tool(name: "ld.lld").succeed([
            "-static", "--gc-sections", "--image-base=0x100000", object.string,
            "-o", kernel.string,
        ])
        return kernel
    }
}
