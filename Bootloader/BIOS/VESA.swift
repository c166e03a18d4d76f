import CBIOS

/// Graphics modes of the video BIOS with a linear framebuffer (VESA BIOS Extension 3.0).
struct VESA {
    /// The smallest screen for a kernel that asks for no size.
    private static let defaultWidth: UInt64 = 1280
    private static let defaultHeight: UInt64 = 720
    private static let success: UInt32 = 0x004F
    private static let useLinearFramebuffer: UInt32 = 0x4000

    /// The chosen mode's framebuffer; nil if no mode has 24 or 32 bits per pixel.
    private(set) var framebuffer: Framebuffer?
    private var mode: UInt32 = 0

    /// Chooses a mode, which only `enter()` sets.
    init(_ request: ScreenRequest) {
        var request = request
        if request.minimumWidth == 0 && request.minimumHeight == 0 {
            request.minimumWidth = Self.defaultWidth
            request.minimumHeight = Self.defaultHeight
        }
        var choice = ScreenModeChoice(request: request)
        Self.forEachMode { number in
            guard let mode = Self.read(number) else { return }
            choice.consider(
                ScreenModeChoice.Mode(
                    number: number, width: mode.width, height: mode.height,
                    bytesPerPixel: mode.bytesPerPixel))
        }
        guard let best = choice.best else { return }
        mode = best.number
        framebuffer = Self.read(best.number)
    }

    func enter() throws(BootError) {
        var registers = bios_registers()
        registers.eax = 0x4F02
        registers.ebx = mode | Self.useLinearFramebuffer
        bios_call(0x10, &registers)
        guard registers.eax & 0xFFFF == Self.success else {
            throw BootError(.screen, "firmware rejects the graphics mode", found: UInt64(mode))
        }
    }

    /// Calls `body` with each mode number (section 4.3).
    private static func forEachMode(_ body: (UInt32) -> Void) {
        let block = PhysicalMemory(PhysicalAddress(layout: TRANSFER_BUFFER), byteCount: 512)
        block.store(UInt32(0x3245_4256))  // "VBE2": the longer form
        guard call(0x4F00, mode: 0, block), block.load(UInt32.self) == 0x4153_4556 else { return }
        let (offset, segment) = (block.load(UInt16.self, at: 14), block.load(UInt16.self, at: 16))
        let list = MemoryArray<UInt16>(
            PhysicalMemory(PhysicalAddress(UInt64(segment) << 4 + UInt64(offset)), byteCount: 256))
        for index in 0..<list.count {
            if list[index] == 0xFFFF { return }
            body(UInt32(list[index]))
        }
    }

    /// Reads the information about one mode (section 4.4).
    ///
    /// The block goes after the first block, which may contain the list of modes.
    private static func read(_ number: UInt32) -> Framebuffer? {
        let block = PhysicalMemory(PhysicalAddress(layout: TRANSFER_BUFFER + 512), byteCount: 256)
        return call(0x4F01, mode: number, block) ? Framebuffer(block) : nil
    }

    /// Calls a function that fills a block.
    private static func call(_ function: UInt32, mode: UInt32, _ block: PhysicalMemory) -> Bool {
        var registers = bios_registers()
        registers.eax = function
        registers.ecx = mode
        registers.es = UInt16(block.start.rawValue >> 4)
        bios_call(0x10, &registers)
        return registers.eax & 0xFFFF == success
    }
}

extension Framebuffer {
    /// The framebuffer in a mode information block; nil unless the mode has a linear one of 24 or
    /// 32 bits per pixel in direct colour.
    fileprivate init?(_ block: PhysicalMemory) {
        func word(_ offset: UInt64) -> UInt64 { UInt64(block.load(UInt16.self, at: offset)) }
        let required: UInt64 = 1 << 0 | 1 << 4 | 1 << 7  // supported, graphics, linear
        let directColor: UInt8 = 6
        let address = block.load(UInt32.self, at: 40)
        func field(_ offset: UInt64) -> Field {
            Field(position: block[offset + 1], bitCount: block[offset])
        }
        let bytesPerPixel = UInt64(block[25]) / 8
        guard word(0) & required == required, block[27] == directColor, address != 0,
            bytesPerPixel == 3 || bytesPerPixel == 4
        else { return nil }
        self.init(
            start: PhysicalAddress(UInt64(address)), width: word(18), height: word(20),
            pitch: word(50) != 0 ? word(50) : word(16), bytesPerPixel: bytesPerPixel,
            red: field(31), green: field(33), blue: field(35))
    }
}
