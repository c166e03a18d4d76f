/// The services that the loader's core needs from the firmware.
protocol Firmware {
    /// The screen, drawn on by the firmware.
    associatedtype Screen: TextOutput
    var screen: Screen { get }

    /// Allocates contiguous memory, whose contents are undefined.
    mutating func allocate(
        _ pages: PageCount, for use: MemoryUse, in reach: MemoryReach
    ) throws(BootError) -> PhysicalAddress

    /// Allocates pages at an address.
    mutating func allocate(_ pages: PageCount, at start: PhysicalAddress) throws(BootError)

    /// The length of `file` in bytes; nil if the image does not have it.
    mutating func byteCount(of file: BootFile) throws(BootError) -> UInt64?

    /// Reads all of `file` into `memory`, which is as long as `byteCount(of:)` said.
    mutating func read(_ file: BootFile, into memory: PhysicalMemory) throws(BootError)

    /// Logs whether Secure Boot or signed digests guard this boot.
    func logSecurity(_ log: Log<Screen>)

    /// Whether it is UEFI rather than a PC's BIOS.
    static var isUEFI: Bool { get }

    /// The purpose of a type in this firmware's memory map.
    static func role(ofType type: UInt32) -> MemoryRole

    /// Calls `body` with each range of the firmware's memory map.
    mutating func forEachRange(
        _ body: (Range<PhysicalAddress>, MemoryRole) -> Void
    ) throws(BootError)

    /// The same after the exit.
    func forEachFinalRange(_ body: (Range<PhysicalAddress>, MemoryRole) -> Void)

    /// Calls `body` with each range of RAM, whoever uses it.
    mutating func forEachMemory(_ body: (Range<PhysicalAddress>) -> Void) throws(BootError)

    /// ACPI's root pointer (ACPI 6.5, section 5.2.5).
    func findRSDP() -> PhysicalAddress?

    /// The entry points of SMBIOS for tables in the first 4 GiB and anywhere (SMBIOS 3.7, section
    /// 5.2).
    func findSMBIOS() -> (short: PhysicalAddress?, long: PhysicalAddress?)

    /// UEFI's system table; nil on other firmware.
    var systemTableAddress: PhysicalAddress? { get }

    /// Connects to the BIOS's power management; nil on other firmware.
    mutating func findPowerManagement() -> PowerManagementTable?

    /// The BIOS's number of the drive; nil on other firmware.
    var drive: UInt8? { get }

    /// UEFI's handle of the loader; nil on other firmware.
    var imageHandle: UInt64? { get }

    /// Calls `body` with that table and those that it leads to.
    func forEachSystemTable(
        _ body: (PhysicalMemory) throws(BootError) -> Void
    ) throws(BootError)

    /// What the TPM's event log has so far; nil if there is no TPM or no log.
    func findEventLog() -> EventLog?

    /// Writes the bitmaps of 256 characters of code page 437, each 8 pixels wide, and returns their
    /// height in pixels; 0 if the firmware has no such font.
    func readFont(into memory: PhysicalMemory) -> UInt64

    /// UEFI's own memory map, after the exit.
    var firmwareMap: FirmwareMap? { get }

    /// The current time in seconds since 1970; nil if the clock cannot be read.
    mutating func currentTime() -> Int64?

    /// What the files were read from.
    mutating func findMedium() throws(BootError) -> BootMedium

    /// The flattened device tree; nil if there is none.
    mutating func findDeviceTree() -> PhysicalAddress?

    /// The linear framebuffer, by its physical address; nil if the kernel gets none.
    mutating func findFramebuffer(_ request: ScreenRequest) throws(BootError) -> Framebuffer?

    /// Calls `body` with each mode of the screen; their start is not that of a framebuffer.
    mutating func forEachScreenMode(_ body: (Framebuffer) -> Void)

    /// Reads the screen's own description (E-EDID) into `memory`, as far as there is room, and
    /// returns its length; 0 if there is none.
    mutating func readScreenDescription(into memory: PhysicalMemory) -> UInt64

    /// Adds the firmware's memory map to `map`, and ends all of the firmware's services.
    mutating func exit(into map: inout MemoryMap) throws(BootError)
}

extension Firmware {
    func logSecurity(_ log: Log<Screen>) {}
    func findEventLog() -> EventLog? { nil }
    func readFont(into memory: PhysicalMemory) -> UInt64 { 0 }
}

/// The measurements of the firmware and of what it started, where the firmware keeps them.
struct EventLog {
    /// 1: with SHA-1 digests alone, 2: with digests of several algorithms.
    let format: UInt64
    let contents: PhysicalMemory
}

/// A memory map as UEFI lists it.
struct FirmwareMap {
    let contents: PhysicalMemory
    let descriptorByteCount: UInt64
    let version: UInt32
}

/// The disk or server of the boot files, in the Limine protocol's numbers.
struct BootMedium {
    /// 0: disk, 1: optical disc, 2: TFTP.
    var kind: UInt32 = 0
    /// IPv4, first byte lowest.
    var serverAddress: UInt32 = 0
    /// From 1; 0 for none.
    var partition: UInt32 = 0
    /// In the master boot record.
    var diskSignature: UInt32 = 0
    /// The UUIDs of the disk and the partition in a GUID partition table, and of the file system.
    var identifiers = [6 of UInt64](repeating: 0)
}

/// APM's entry point, as the Multiboot protocols list it (APM 1.2, section 4.6): version and code
/// segment, offset, 16-bit code and data segments, flags and code length, the other lengths.
typealias PowerManagementTable = [5 of UInt32]

/// The purpose of memory: strict firmware executes no code in data pages.
enum MemoryUse {
    case code
    case data
}

/// Where memory may be, by its last address.
enum MemoryReach: UInt64 {
    /// The first MiB, where a processor starts.
    case realMode = 0xF_FFFF
    /// The first 4 GiB.
    case protectedMode = 0xFFFF_FFFF
    case everywhere = 0xFFFF_FFFF_FFFF_FFFF
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
