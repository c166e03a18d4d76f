import CBIOS
import CMachine

/// The first Swift code in long mode; real mode passes only the firmware's drive number.
@c public func bios_main(_ drive: UInt8) {
    Exceptions.takeOver(page: PhysicalAddress(layout: EXCEPTION_TABLE))
    boot(on: BIOS(drive: drive))
}

/// Handles every processor exception.
@c public func loader_exception(_ vector: UInt64, _ errorCode: UInt64, _ instruction: UInt64) {
    Exceptions.report(vector, errorCode, at: instruction, to: SerialPort())
    Exceptions.report(vector, errorCode, at: instruction, to: TextScreen())
    Exceptions.endBoot()
}

/// A PC's BIOS, called in real mode.
struct BIOS: Firmware {
    private let disk: Disk
    private var payload: Payload?
    private var memory: E820Map
    /// The mode that is set last of all, so that earlier messages can be read.
    private var graphics: VESA?

    init(drive: UInt8) {
        disk = Disk(drive: drive, sectorSize: BootParameters.sectorSize)
        memory = E820Map()
    }

    var screen: TextScreen { TextScreen() }

    mutating func allocate(
        _ pages: PageCount, for use: MemoryUse, in reach: MemoryReach
    ) throws(BootError) -> PhysicalAddress {
        try memory.allocate(byteCount: pages.byteCount, in: reach)
    }

    mutating func allocate(_ pages: PageCount, at start: PhysicalAddress) throws(BootError) {
        throw BootError(.memory, "BIOS has no allocator")
    }

    mutating func byteCount(of file: BootFile) throws(BootError) -> UInt64? {
        try payloadItem(file)?.byteCount
    }

    mutating func read(_ file: BootFile, into memory: PhysicalMemory) throws(BootError) {
        guard let item = try payloadItem(file) else { return }
        try disk.read(from: item.firstSector, into: memory)
    }

    static var isUEFI: Bool { false }

    /// E820's types (ACPI 6.5, table 15.2).
    static func role(ofType type: UInt32) -> MemoryRole {
        switch type {
        case 1: .free
        case 3: .acpiTables
        case 4: .acpiState
        case 5: .defective
        default: .reserved
        }
    }

    func forEachRange(_ body: (Range<PhysicalAddress>, MemoryRole) -> Void) {
        forEachFinalRange(body)
    }

    func forEachFinalRange(_ body: (Range<PhysicalAddress>, MemoryRole) -> Void) {
        memory.forEach { body($0, Self.role(ofType: $1)) }
    }

    mutating func forEachMemory(_ body: (Range<PhysicalAddress>) -> Void) throws(BootError) {
        memory.forEachRAM(body)
    }

    /// Searches the first KiB of the extended BIOS data area, then the BIOS's ROM (ACPI 6.5,
    /// section 5.2.5.1).
    func findRSDP() -> PhysicalAddress? {
        let pointer = PhysicalMemory(PhysicalAddress(0x40E), byteCount: 2)
        let dataArea = PhysicalAddress(UInt64(pointer.load(UInt16.self)) << 4)
        if dataArea >= PhysicalAddress(0x80000),
            let found = Self.findRSDP(in: PhysicalMemory(dataArea, byteCount: 1024))
        {
            return found
        }
        return Self.findRSDP(in: PhysicalMemory(PhysicalAddress(0xE0000), byteCount: 0x20000))
    }

    private static func findRSDP(in area: PhysicalMemory) -> PhysicalAddress? {
        let signature: UInt64 = 0x2052_5450_2044_5352  // "RSD PTR "
        for offset in stride(from: 0, to: area.byteCount, by: 16)
        where area.load(UInt64.self, at: offset) == signature {
            // The part that the checksum covers may end after the area.
            let candidate = PhysicalMemory(area.start + offset, byteCount: 20)
            if candidate.isSumZero { return candidate.start }
        }
        return nil
    }

    /// Searches the BIOS's ROM (SMBIOS 3.7, section 5.2).
    func findSMBIOS() -> (short: PhysicalAddress?, long: PhysicalAddress?) {
        let area = PhysicalMemory(PhysicalAddress(0xF0000), byteCount: 0x10000)
        var found: (short: PhysicalAddress?, long: PhysicalAddress?) = (nil, nil)
        for offset in stride(from: 0, to: area.byteCount - 32, by: 16) {
            let anchor = area.load(UInt32.self, at: offset)
            let isShort = anchor == 0x5F4D_535F  // "_SM_"
            guard isShort || anchor == 0x334D_535F && area[offset + 4] == UInt8(ascii: "_") else {
                continue
            }
            let byteCount = UInt64(area[offset + (isShort ? 5 : 6)])
            guard offset + byteCount <= area.byteCount,
                area[offset..<offset + byteCount].isSumZero
            else { continue }
            if isShort {
                found.short = found.short ?? area.start + offset
            } else {
                found.long = found.long ?? area.start + offset
            }
        }
        return found
    }

    var systemTableAddress: PhysicalAddress? { nil }
    var imageHandle: UInt64? { nil }
    var drive: UInt8? { disk.drive }

    /// Asks int 15h for the 32-bit interface (APM 1.2, sections 4.6.1 to 4.6.5).
    func findPowerManagement() -> PowerManagementTable? {
        func call(_ function: UInt32) -> bios_registers? {
            var registers = bios_registers()
            registers.eax = function
            bios_call(0x15, &registers)
            return registers.eflags & 1 == 0 ? registers : nil
        }
        let signature: UInt32 = 0x504D
        guard let present = call(0x5300), present.ebx & 0xFFFF == signature else { return nil }
        _ = call(0x5304)  // disconnects, in case somebody is connected
        guard let entry = call(0x5303), let found = call(0x5300) else { return nil }
        return [
            found.eax & 0xFFFF | entry.eax << 16, entry.ebx, entry.ecx & 0xFFFF | entry.edx << 16,
            found.ecx & 0xFFFF | entry.esi << 16, entry.esi >> 16 | entry.edi << 16,
        ]
    }
    var firmwareMap: FirmwareMap? { nil }
    func forEachSystemTable(_ body: (PhysicalMemory) throws(BootError) -> Void) {}

    mutating func currentTime() -> Int64? { RealTimeClock.read()?.unixSeconds }

    mutating func findMedium() throws(BootError) -> BootMedium {
        let buffer = PhysicalMemory(
            try memory.allocate(byteCount: pageSize, in: .protectedMode), byteCount: 512)
        return BootMedium(
            of: disk, sector: try payloadItem(.kernel)?.firstSector ?? 0, buffer)
    }

    /// A PC has no device tree.
    mutating func findDeviceTree() -> PhysicalAddress? { nil }

    mutating func findFramebuffer(_ request: ScreenRequest) throws(BootError) -> Framebuffer? {
        if request.prefersText { return nil }
        graphics = VESA(request)
        return graphics?.framebuffer
    }

    mutating func forEachScreenMode(_ body: (Framebuffer) -> Void) { VESA.forEachMode(body) }

    mutating func readScreenDescription(into memory: PhysicalMemory) -> UInt64 {
        VESA.readDescription(into: memory)
    }

    func readFont(into memory: PhysicalMemory) -> UInt64 { TextScreen.readFont(into: memory) }

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

extension PhysicalMemory {
    /// Whether the sum of all bytes is 0 modulo 256, as firmware's checksums make it.
    fileprivate var isSumZero: Bool {
        var sum: UInt8 = 0
        for offset in 0..<byteCount { sum &+= self[offset] }
        return sum == 0
    }
}

extension PhysicalAddress {
    /// One of the addresses in layout.h.
    init(layout address: Int32) { self.init(UInt64(address)) }
}

/// The text screen of 80 × 25 characters, through the video BIOS.
struct TextScreen: TextOutput {
    func put(_ character: UInt8) {
        var registers = bios_registers()
        registers.eax = 0x0E00 | UInt32(character)
        registers.ebx = 0x0007
        bios_call(0x10, &registers)
    }

    /// Copies the video BIOS's font of 16 lines, where its ROM or a copy of it is.
    static func readFont(into memory: PhysicalMemory) -> UInt64 {
        let height: UInt64 = 16
        var registers = bios_registers()
        registers.eax = 0x1130
        registers.ebx = 0x0600
        bios_call(0x10, &registers)
        guard UInt64(registers.ecx & 0xFFFF) == height else { return 0 }
        let start = UInt64(registers.es) << 4 + UInt64(registers.ebp & 0xFFFF)
        memory.copy(from: PhysicalMemory(PhysicalAddress(start), byteCount: 256 * height))
        return height
    }

    /// Sets text mode, which clears the screen.
    func clear() {
        var registers = bios_registers()
        registers.eax = 0x0003
        bios_call(0x10, &registers)
    }
}
