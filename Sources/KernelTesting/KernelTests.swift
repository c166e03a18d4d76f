public import BootInfo

#if hasFeature(Embedded)
    public import CBootInfo
    import KernelRuntime
#endif

/// A kernel that consists of tests; its type is marked `@main`.
///
/// The library has the kernel's entry point. It runs the tests in order, reports each on the serial
/// port, then ends QEMU, with success if no test failed.
public protocol KernelTests {
    /// The tests. Evaluated twice; the list must be the same each time.
    @TestListBuilder static var tests: TestList { get }
}

extension KernelTests {
    /// Runs the tests and never returns in the guest; on the host, prints how to boot the kernel.
    public static func main() {
        #if hasFeature(Embedded)
            kernel_test_plan(bootInfo.pointer, UInt64(tests.count))
            TestList.isRunning = true
            _ = tests
            kernel_test_finish()
        #else
            print("This is a test kernel: boot it with `bootimage test`.")
        #endif
    }
}

/// The boot info of a test kernel, available to all tests.
///
/// On the host there is no loader, and reading it ends the program.
public var bootInfo: BootInfo {
    guard let loaderBootInfo else { preconditionFailure("not started by a loader") }
    return loaderBootInfo
}

/// Set once, before anything else runs.
private nonisolated(unsafe) var loaderBootInfo: BootInfo?

#if hasFeature(Embedded)
    /// The kernel's entry point: the loader jumps here with boot info.
    @c(_start) public func start(_ bootInfo: UnsafePointer<boot_info>) {
        loaderBootInfo = BootInfo(bootInfo)
        _ = swift_main(0, nil)
    }
#endif
