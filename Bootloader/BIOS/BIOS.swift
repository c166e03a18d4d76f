import CBIOS

/// The PC's firmware, called through real mode.
struct BIOS: Firmware {
    private let disk: Disk
    private var payload: Payload?
    private var memory: E820Map
    /// Entered as the very last thing, so that messages before it are seen.
    private var graphics: VESA?

    init(drive: UInt8) {
        disk = Disk(drive: drive, sectorSize: BootParameters.sectorSize)
        memory = E820Map()
    }

    var screen: TextScreen { TextScreen() }

    mutating func allocate(pages: UInt64, for use: MemoryUse) throws(BootError) -> UInt64 {
        try memory.allocate(byteCount: pages * pageSize)
    }

    mutating func byteCount(of file: BootFile) throws(BootError) -> UInt64? {
        try payloadItem(file)?.byteCount
    }

    mutating func read(
        _ file: BootFile, into buffer: UnsafeMutableRawBufferPointer
    ) throws(BootError) {
        guard let item = try payloadItem(file) else { return }
        try disk.read(from: item.firstSector, into: buffer)
    }

    mutating func forEachMemory(_ body: (Range<UInt64>) -> Void) throws(BootError) {
        memory.forEachRAM(body)
    }

    mutating func findRSDP() -> UInt64? { ACPI.findRSDP() }

    /// PCs have none.
    mutating func findDeviceTree() -> UInt64? { nil }

    mutating func findFramebuffer(
        _ request: ScreenRequest
    ) throws(BootError) -> boot_framebuffer? {
        if request.prefersText { return nil }
        graphics = VESA(request)
        return graphics?.framebuffer
    }

    mutating func exit(into map: inout MemoryMap) throws(BootError) {
        if let graphics, graphics.framebuffer != nil {
            try graphics.enter()
        } else {
            TextScreen().clear()
        }
        try memory.add(to: &map)
    }

    /// Reads the table of contents once.
    private mutating func payloadItem(_ file: BootFile) throws(BootError) -> Payload.Item? {
        if let payload { return payload[file] }
        let payload = try Payload(on: disk)
        self.payload = payload
        return payload[file]
    }
}
