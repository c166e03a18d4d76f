#if hasFeature(Embedded)
    import BootInfo
    public import CBootInfo
    import KernelRuntime

    /// The kernel's entry point: the loader jumps here with boot info.
    @c(_start) public func start(_ bootInfo: UnsafePointer<boot_info>) {
        serial_initialize(bootInfo)
        install_exception_handlers(panic)
        let info = BootInfo(bootInfo)
        if let framebuffer = info.framebuffer {
            run(info, on: FramebufferScreen(framebuffer))
        } else {
            run(info, on: TextScreen.ofMachine)
        }
        debug_exit(Int32(DEBUG_EXIT_SUCCESS))
    }

    /// Prints a greeting and the memory map on screen and serial port.
    private func run<S: Screen>(_ info: BootInfo, on screen: S) {
        var console = Console(screen: screen)
        console.write("Hello World!\n", .lightCyan)
        console.write("\nMemory:\n", .white)
        for region in info.memoryRegions {
            console.write(region)
        }
    }
#endif

/// The program that SwiftPM requires: never called in the guest, prints a hint on the host.
@main
enum Kernel {
    static func main() {
        #if !hasFeature(Embedded)
            print("This is a kernel: start it with `make run`.")
        #endif
    }
}
