/// What the loader's core asks of the firmware it runs on.
protocol Firmware {
    /// The screen, by the firmware's own means.
    associatedtype Screen: TextOutput
    var screen: Screen { get }

    /// Finds free memory: `pages` × 4 KiB in one run, which the loader maps at its physical
    /// address. The contents are undefined.
    mutating func allocate(pages: UInt64, for use: MemoryUse) throws(BootError) -> UInt64

    /// The length of `file` in bytes, or nil where the image has none.
    mutating func byteCount(of file: BootFile) throws(BootError) -> UInt64?

    /// Reads all of `file` into `buffer`, which is as long as `byteCount(of:)` said.
    mutating func read(_ file: BootFile, into buffer: UnsafeMutableRawBufferPointer)
        throws(BootError)

    /// Tells what guards the boot, if something does.
    func tellSecurity(_ log: Log<Screen>)

    /// Calls `body` with each range of physical addresses that is RAM, whoever uses it.
    mutating func forEachMemory(_ body: (Range<UInt64>) -> Void) throws(BootError)

    /// Physical address of ACPI's root pointer (ACPI 6.5, section 5.2.5).
    mutating func findRSDP() -> UInt64?

    /// Physical address of a flattened device tree; nil where there is none.
    mutating func findDeviceTree() -> UInt64?

    /// The linear framebuffer, `buffer_start` being its physical address; nil where the kernel
    /// will find a text screen or none.
    mutating func findFramebuffer(
        _ request: ScreenRequest
    ) throws(BootError) -> boot_framebuffer?

    /// Gives the machine up: no firmware service is called after this. What the firmware says of
    /// the memory goes into `map`.
    mutating func exit(into map: inout MemoryMap) throws(BootError)
}

extension Firmware {
    func tellSecurity(_ log: Log<Screen>) {}
}

/// What memory is for: strict firmware runs no code from where data is.
enum MemoryUse {
    case code
    case data
}

/// The files that an image may carry.
enum BootFile {
    case kernel
    case ramdisk
    case bootConfiguration

    /// What messages call the file.
    var subject: BootError.Subject {
        switch self {
        case .kernel: .kernel
        case .ramdisk: .ramdisk
        case .bootConfiguration: .settings
        }
    }
}
