/// What a kernel requests from the loader: its section `.bootloader-config`, as defined by
/// `bootloader_api` 0.11.
public struct KernelConfiguration: Equatable, Sendable {
    /// The version of `bootloader_api` that the kernel was built with.
    public var version = Version(major: 0, minor: 11, patch: 16)
    /// Size of the stack in bytes.
    public var kernelStackByteCount: UInt64 = 80 << 10
    /// Placement of the stack.
    public var kernelStack = Mapping.dynamic
    /// Placement of a position-independent kernel.
    public var kernelBase = Mapping.dynamic
    /// Placement of the boot info.
    public var bootInfo = Mapping.dynamic
    /// Placement of the framebuffer.
    public var framebuffer = Mapping.dynamic
    /// Placement of all physical memory; `nil`: not mapped.
    public var physicalMemory: Mapping?
    /// Placement of the recursive page-table mapping; `nil`: none.
    public var recursivePageTable: Mapping?
    /// Whether the loader randomizes dynamic addresses.
    public var randomizesAddresses = false
    /// Lowest dynamic address; `nil`: the loader's choice.
    public var dynamicRangeStart: UInt64?
    /// Highest dynamic address; `nil`: the loader's choice.
    public var dynamicRangeEnd: UInt64?
    /// Placement of the ramdisk.
    public var ramdisk = Mapping.dynamic
    /// Minimum height of the framebuffer in pixels (deprecated: `boot.json` overrides it).
    public var minimumFramebufferHeight: UInt64?
    /// Minimum width of the framebuffer in pixels (deprecated: `boot.json` overrides it).
    public var minimumFramebufferWidth: UInt64?

    /// The default configuration.
    public init() {}

    /// Size of the encoded section in bytes.
    public static let byteCount = 133

    /// Bytes 0–15 of the section.
    static let identifier: [UInt8] = [
        0x74, 0x3c, 0xa9, 0x61, 0x09, 0x36, 0x46, 0xa0, 0xbb, 0x55, 0x5c, 0x15, 0x89, 0x15, 0x25,
        0x3d,
    ]

    /// Placement in the virtual address space.
    public enum Mapping: Equatable, Sendable {
        /// At an address that the loader chooses.
        case dynamic
        /// At this virtual address.
        case fixed(UInt64)
    }

    /// A version of `bootloader_api`.
    public struct Version: Equatable, Sendable, CustomStringConvertible {
        /// The first number; a different one means a different contract.
        public var major: UInt16
        /// The second number; before 1.0, a different one means a different contract.
        public var minor: UInt16
        /// The third number; a higher one may add fields.
        public var patch: UInt16
        /// Whether it precedes the release of that version.
        public var isPreRelease: Bool

        /// The version `major.minor.patch`.
        public init(major: UInt16, minor: UInt16, patch: UInt16, isPreRelease: Bool = false) {
            self.major = major
            self.minor = minor
            self.patch = patch
            self.isPreRelease = isPreRelease
        }

        /// The first version whose section has the field `kernel_base`.
        public static let kernelBase = Version(major: 0, minor: 11, patch: 11)

        /// Such as "0.11.16".
        public var description: String {
            "\(major).\(minor).\(patch)" + (isPreRelease ? " (pre-release)" : "")
        }
    }

    /// The fields that are checked, by their names in `bootloader_api`.
    public enum Field: String, Sendable {
        /// ``Version/isPreRelease``.
        case preRelease = "pre_release"
        /// ``KernelConfiguration/kernelStack``.
        case kernelStack = "kernel_stack"
        /// ``KernelConfiguration/kernelBase``.
        case kernelBase = "kernel_base"
        /// ``KernelConfiguration/bootInfo``.
        case bootInfo = "boot_info"
        /// ``KernelConfiguration/framebuffer``.
        case framebuffer
        /// ``KernelConfiguration/physicalMemory``.
        case physicalMemory = "physical_memory"
        /// ``KernelConfiguration/recursivePageTable``.
        case recursivePageTable = "page_table_recursive"
        /// ``KernelConfiguration/randomizesAddresses``.
        case aslr
        /// ``KernelConfiguration/dynamicRangeStart``.
        case dynamicRangeStart = "dynamic_range_start"
        /// ``KernelConfiguration/dynamicRangeEnd``.
        case dynamicRangeEnd = "dynamic_range_end"
        /// ``KernelConfiguration/ramdisk``.
        case ramdisk = "ramdisk_memory"
        /// ``KernelConfiguration/minimumFramebufferHeight``.
        case framebufferHeight = "minimum_framebuffer_height"
        /// ``KernelConfiguration/minimumFramebufferWidth``.
        case framebufferWidth = "minimum_framebuffer_width"
    }
}
