/// What a kernel wants, said beforehand in its section `.bootloader-config`.
///
/// A kernel in Swift places a ``Section`` there:
///
/// ```swift
/// @section(".bootloader-config") @used
/// let configuration: KernelConfiguration.Section = (
///     identifier: [
///         0x74, 0x3C, 0xA9, 0x61, 0x09, 0x36, 0x46, 0xA0,
///         0xBB, 0x55, 0x5C, 0x15, 0x89, 0x15, 0x25, 0x3D,
///     ],
///     version: (0, 11, 16), isPreRelease: false,
///     kernelStackByteCount: [0x00, 0x80, 0, 0, 0, 0, 0, 0],  // 32 KiB
///     …
/// ```
///
/// Swift 6.3 puts literals into sections, and tuples and inline arrays of literals: no call, no
/// operator, no constant of another name (SE-0492). That is why the section is a tuple, has no
/// default values, and why its numbers are bytes: they are not aligned, as only bytes can be. A
/// kernel with a file in C says the same in three lines with `BOOT_CONFIGURATION`; see
/// <doc:KernelInSwift>.
public enum KernelConfiguration {
    /// A number of 64 bits, the lowest byte first.
    public typealias Number = InlineArray<8, UInt8>

    /// A number that the loader chooses unless it is present; absent, it must be zero.
    public typealias OptionalNumber = (isPresent: Bool, value: Number)

    /// Where something goes: at a virtual address on a page boundary, or wherever there is room;
    /// then the address must be zero.
    public typealias Mapping = (isFixed: Bool, address: Number)

    /// Where something goes that is not mapped unless it is present; absent, all must be zero.
    public typealias OptionalMapping = (isPresent: Bool, mapping: Mapping)

    /// The section as it lies in the kernel's file: 133 bytes, the fields of
    /// `struct boot_configuration` in their order.
    ///
    /// - `kernelStackByteCount`: size of the stack in bytes; 80 KiB is usual.
    /// - `kernelBase`: where a position-independent kernel goes.
    /// - `physicalMemory`: where all physical memory is mapped.
    /// - `recursivePageTable`: where the page table maps itself.
    /// - `dynamicRangeStart`, `dynamicRangeEnd`: lowest and highest address of what is not fixed.
    /// - `minimumFramebufferHeight`, `minimumFramebufferWidth`: in pixels; `boot.json` wins.
    public typealias Section = (
        identifier: InlineArray<16, UInt8>,
        version: (major: UInt16, minor: UInt16, patch: UInt16), isPreRelease: Bool,
        kernelStackByteCount: Number,
        kernelStack: Mapping, kernelBase: Mapping, bootInfo: Mapping, framebuffer: Mapping,
        physicalMemory: OptionalMapping, recursivePageTable: OptionalMapping,
        randomizesAddresses: Bool,
        dynamicRangeStart: OptionalNumber, dynamicRangeEnd: OptionalNumber,
        ramdisk: Mapping,
        minimumFramebufferHeight: OptionalNumber, minimumFramebufferWidth: OptionalNumber
    )
}
