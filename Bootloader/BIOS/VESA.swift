import CBIOS

/// Graphics modes of the video BIOS with a linear framebuffer (VESA BIOS Extension 3.0).
struct VESA {
    /// The smallest screen for a kernel that asks for no size.
    private static let defaultWidth: UInt64 = 1280
    private static let defaultHeight: UInt64 = 720
    private static let success: UInt32 = 0x004F
    private static let useLinearFramebuffer: UInt32 = 0x4000

    /// The chosen mode's framebuffer; nil if no mode has 24 or 32 bits per pixel.
    private(set) var framebuffer: boot_framebuffer?
    private var mode: UInt32 = 0

    /// Chooses a mode, which only `enter()` sets.
    init(_ request: ScreenRequest) {
        var request = request
        if request.minimumWidth == 0 && request.minimumHeight == 0 {
            request.minimumWidth = Self.defaultWidth
            request.minimumHeight = Self.defaultHeight
        }
        var choice = ScreenModeChoice(request)
        Self.forEachMode { number in
            if let mode = Self.read(number)?.summary(number) { choice.consider(mode) }
        }
        guard let best = choice.best else { return }
        mode = best.number
        framebuffer = Self.read(best.number)?.framebuffer
    }

    /// Sets the chosen mode.
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
        block.store(0x3245_4256 as UInt32)  // "VBE2": the longer form
        guard call(0x4F00, mode: 0), block.load(UInt32.self) == 0x4153_4556 else { return }
        let offset = UInt64(block.load(UInt16.self, at: 14))
        let segment = UInt64(block.load(UInt16.self, at: 16))
        let list = PhysicalMemory(PhysicalAddress(segment << 4 + offset), byteCount: 256)
        // The list may be in the buffer, which the calls for each mode overwrite.
        var numbers = [128 of UInt16](repeating: 0xFFFF)
        for index in numbers.indices {
            let number = list.load(UInt16.self, at: 2 * UInt64(index))
            if number == 0xFFFF { break }
            numbers[index] = number
        }
        for index in numbers.indices where numbers[index] != 0xFFFF {
            body(UInt32(numbers[index]))
        }
    }

    /// Reads the information about one mode (section 4.4).
    private static func read(_ number: UInt32) -> ModeInformation? {
        call(0x4F01, mode: number) ? ModeInformation(block) : nil
    }

    /// The block of information that a call returns.
    private static var block: PhysicalMemory {
        PhysicalMemory(PhysicalAddress(layout: TRANSFER_BUFFER), byteCount: 512)
    }

    /// Calls a function that returns a block of information.
    private static func call(_ function: UInt32, mode: UInt32) -> Bool {
        var registers = bios_registers()
        registers.eax = function
        registers.ecx = mode
        registers.es = UInt16(TRANSFER_BUFFER >> 4)
        bios_call(0x10, &registers)
        return registers.eax & 0xFFFF == success
    }
}

/// The part of the mode information block that the loader uses; nil for a mode without a linear
/// framebuffer of 24 or 32 bits per pixel in direct colour.
private struct ModeInformation {
    let framebuffer: boot_framebuffer

    init?(_ block: PhysicalMemory) {
        func word(_ offset: UInt64) -> UInt64 { UInt64(block.load(UInt16.self, at: offset)) }
        let required: UInt64 = 1 << 0 | 1 << 4 | 1 << 7  // supported, graphics, linear
        let directColor: UInt8 = 6
        let address = block.load(UInt32.self, at: 40)
        let bytesPerLine = word(50) != 0 ? word(50) : word(16)
        let bytesPerPixel = UInt64(block[25]) / 8
        guard word(0) & required == required, block[27] == directColor, address != 0,
            bytesPerPixel == 3 || bytesPerPixel == 4, bytesPerLine % bytesPerPixel == 0
        else { return nil }
        var framebuffer = boot_framebuffer()
        framebuffer.buffer_start = UInt64(address)
        framebuffer.width = word(18)
        framebuffer.height = word(20)
        framebuffer.bytes_per_pixel = bytesPerPixel
        framebuffer.stride = bytesPerLine / bytesPerPixel
        framebuffer.byte_length = bytesPerLine * framebuffer.height
        framebuffer.setFormat(
            redPosition: block[32], greenPosition: block[34], bluePosition: block[36])
        self.framebuffer = framebuffer
    }

    func summary(_ number: UInt32) -> ScreenModeChoice.Mode {
        ScreenModeChoice.Mode(
            number: number, width: framebuffer.width, height: framebuffer.height,
            bytesPerPixel: framebuffer.bytes_per_pixel)
    }
}
