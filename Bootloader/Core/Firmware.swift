/// The services that the loader's core needs from the firmware.
protocol Firmware {
    /// The screen, drawn on by the firmware.
    associatedtype Screen: TextOutput
    var screen: Screen { get }

    /// Allocates contiguous memory, whose contents are undefined.
    mutating func allocate(
        _ pages: PageCount, for use: MemoryUse
    ) throws(BootError) -> PhysicalAddress

    /// The length of `file` in bytes; nil if the image does not have it.
    mutating func byteCount(of file: BootFile) throws(BootError) -> UInt64?

    /// Reads all of `file` into `memory`, which is as long as `byteCount(of:)` said.
    mutating func read(_ file: BootFile, into memory: PhysicalMemory) throws(BootError)

    /// Logs whether Secure Boot or signed digests guard this boot.
    func logSecurity(_ log: Log<Screen>)

    /// Calls `body` with each range of RAM, whoever uses it.
    mutating func forEachMemory(_ body: (Range<PhysicalAddress>) -> Void) throws(BootError)

    /// ACPI's root pointer (ACPI 6.5, section 5.2.5).
    mutating func findRSDP() -> PhysicalAddress?

    /// The flattened device tree; nil if there is none.
    mutating func findDeviceTree() -> PhysicalAddress?

    /// The linear framebuffer, by its physical address; nil if the kernel gets none.
    mutating func findFramebuffer(_ request: ScreenRequest) throws(BootError) -> boot_framebuffer?

    /// Adds the firmware's memory map to `map`, and ends all of the firmware's services.
    mutating func exit(into map: inout MemoryMap) throws(BootError)
}

extension Firmware {
    func logSecurity(_ log: Log<Screen>) {}
}

/// The purpose of memory: strict firmware executes no code in data pages.
enum MemoryUse {
    case code
    case data
}

/// A value for each of the modules that an image may contain.
typealias PerModule<Value> = [11 of Value]

/// The files that an image may contain.
enum BootFile: Equatable {
    case kernel
    case ramdisk
    /// boot.json.
    case settings
    /// The command line and the modules' names.
    case parameters
    /// A file for the kernel; the first one is 0, the last one `moduleLimit` - 1.
    case module(Int)

    static var moduleLimit: Int { 11 }

    /// How messages name the file.
    var subject: BootError.Subject {
        switch self {
        case .kernel: .kernel
        case .ramdisk: .ramdisk
        case .settings: .settings
        case .parameters: .parameters
        case .module: .module
        }
    }
}
