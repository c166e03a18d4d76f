import TestSupport
import Testing

/// Kernels as linkers and other people's scripts make them: odd, but loadable.
@Suite(.needs("clang", "ld.lld", "ld", "qemu-system-x86_64", "timeout"))
struct WildKernelTests {
    @Test(arguments: WildLayout.allCases, Firmware.allCases)
    func `an odd kernel boots`(_ layout: WildLayout, _ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            try await boot(layout.build(in: folder), on: firmware).expectSuccess()
        }
    }
}
