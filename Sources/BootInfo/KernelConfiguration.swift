/// What a kernel requests from the loader, in its section `.bootloader-config`.
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
/// Swift 6.3 can place literals in sections, and tuples and inline arrays of literals, but no
/// calls, operators or other constants (SE-0492). So the section is a tuple without default values,
/// and its numbers are bytes, because they are unaligned. A kernel with a C file needs only three
/// lines with `BOOT_CONFIGURATION`; see <doc:KernelInSwift>.
public enum KernelConfiguration {
    /// A little-endian number of 64 bits.
    public typealias Number = InlineArray<8, UInt8>

    /// A number that the loader chooses if it is absent; then the value must be zero.
    public typealias OptionalNumber = (isPresent: Bool, value: Number)

    /// A placement: fixed at a page-aligned virtual address, or chosen by the loader; then the
    /// address must be zero.
    public typealias Mapping = (isFixed: Bool, address: Number)

    /// The placement of an optional mapping; if it is absent, all bytes must be zero.
    public typealias OptionalMapping = (isPresent: Bool, mapping: Mapping)

    /// The section in the kernel's file: 133 bytes, the fields of `struct boot_configuration` in
    /// order.
    ///
    /// - `kernelStackByteCount`: size of the stack in bytes; the default is 80 KiB.
    /// - `kernelBase`: placement of a position-independent kernel.
    /// - `physicalMemory`: placement of all physical memory.
    /// - `recursivePageTable`: placement of the recursive page-table mapping.
    /// - `dynamicRangeStart`, `dynamicRangeEnd`: the lowest and highest address to choose.
    /// - `minimumFramebufferHeight`, `minimumFramebufferWidth`: in pixels; `boot.json` overrides
    ///   them.
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
