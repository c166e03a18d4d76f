/// What a kernel asks of the loader: the section `.bootloader-config` of `bootloader_api` 0.11.
///
/// The default values are those of a kernel that asks for nothing.
public struct KernelConfiguration: Equatable, Sendable {
    /// The version of `bootloader_api` that the kernel was built with.
    public var version = Version(major: 0, minor: 11, patch: 16)
    /// Size of the stack in bytes.
    public var kernelStackByteCount: UInt64 = 80 << 10
    /// Where the stack goes.
    public var kernelStack = Mapping.dynamic
    /// Where a position-independent kernel goes.
    public var kernelBase = Mapping.dynamic
    /// Where the boot information goes.
    public var bootInfo = Mapping.dynamic
    /// Where the framebuffer is mapped.
    public var framebuffer = Mapping.dynamic
    /// Where all physical memory is mapped; `nil`: it is not.
    public var physicalMemory: Mapping?
    /// Where the page tables are mapped recursively; `nil`: they are not.
    public var recursivePageTable: Mapping?
    /// Whether dynamic addresses are random.
    public var randomizesAddresses = false
    /// Lowest dynamic address; `nil`: the loader's choice.
    public var dynamicRangeStart: UInt64?
    /// Highest dynamic address; `nil`: the loader's choice.
    public var dynamicRangeEnd: UInt64?
    /// Where the ramdisk is mapped.
    public var ramdisk = Mapping.dynamic
    /// Wanted height of the framebuffer in pixels (deprecated: `boot.json` wins).
    public var minimumFramebufferHeight: UInt64?
    /// Wanted width of the framebuffer in pixels (deprecated: `boot.json` wins).
    public var minimumFramebufferWidth: UInt64?

    /// The configuration of a kernel that asks for nothing.
    public init() {}

    /// Where the loader puts something.
    public enum Mapping: Equatable, Sendable {
        /// At an address of the loader's choice.
        case dynamic
        /// At this virtual address.
        case fixed(UInt64)
    }

    /// A version of `bootloader_api`.
    public struct Version: Equatable, Sendable, CustomStringConvertible {
        /// The first number; another one means another contract.
        public var major: UInt16
        /// The second number; before 1.0, another one means another contract too.
        public var minor: UInt16
        /// The third number; fields may have been added.
        public var patch: UInt16
        /// Whether it is a pre-release of that version.
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
