public import BootInfo

#if hasFeature(Embedded)
    public import CBootInfo
    import KernelRuntime
#endif

/// A kernel that is nothing but tests; its type is marked `@main`.
///
/// The library has the kernel's entry point. It runs the tests in their order, each with its lines
/// on the serial port, then ends QEMU: with success if no test failed.
public protocol KernelTests {
    /// The tests, one below the other. Asked for twice; the list must be the same each time.
    @TestListBuilder static var tests: TestList { get }
}

extension KernelTests {
    /// Runs the tests and does not return in the guest; on the host, tells that this is a kernel.
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

/// What the loader told, in a kernel of tests: there from the first test on.
///
/// On the host there is no loader, and asking ends the program.
public var bootInfo: BootInfo {
    guard let loaderBootInfo else { preconditionFailure("no loader started this") }
    return loaderBootInfo
}

/// Set before anything else runs, and never again.
private nonisolated(unsafe) var loaderBootInfo: BootInfo?

#if hasFeature(Embedded)
    /// The kernel's first instruction: the loader jumps here with boot info.
    @c(_start) public func start(_ bootInfo: UnsafePointer<boot_info>) {
        loaderBootInfo = BootInfo(bootInfo)
        _ = swift_main(0, nil)
    }
#endif
