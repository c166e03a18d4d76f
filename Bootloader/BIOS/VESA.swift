import CBIOS

/// Graphics modes of the video BIOS with a linear framebuffer (VESA BIOS Extension 3.0).
struct VESA {
    /// What a kernel gets that asks for no size.
    private static let usualWidth: UInt64 = 1280
    private static let usualHeight: UInt64 = 720
    private static let success: UInt32 = 0x004F
    private static let useLinearFramebuffer: UInt32 = 0x4000

    /// The mode and its framebuffer; nil where there is none with 24 or 32 bits a pixel.
    private(set) var framebuffer: boot_framebuffer?
    private var mode: UInt32 = 0

    /// Chooses a mode; the screen changes with `enter()` only.
    init(_ request: ScreenRequest) {
        var request = request
        if request.minimumWidth == 0 && request.minimumHeight == 0 {
            request.minimumWidth = Self.usualWidth
            request.minimumHeight = Self.usualHeight
        }
        var choice = ScreenModeChoice(request)
        Self.forEachMode { number in
            if let mode = Self.read(number)?.summary(number) { choice.consider(mode) }
        }
        guard let best = choice.best else { return }
        mode = best.number
        framebuffer = Self.read(best.number)?.framebuffer
    }

    /// Switches the screen.
    func enter() throws(BootError) {
        var registers = bios_registers()
        registers.eax = 0x4F02
        registers.ebx = mode | Self.useLinearFramebuffer
        bios_call(0x10, &registers)
        guard registers.eax & 0xFFFF == Self.success else {
            throw BootError(.screen, "graphics mode refused", found: UInt64(mode))
        }
    }

    /// Goes through the list of mode numbers (section 4.3).
    private static func forEachMode(_ body: (UInt32) -> Void) {
        let information = UInt64(TRANSFER_BUFFER).pointer
        information.storeBytes(of: 0x3245_4256, as: UInt32.self)  // "VBE2": the longer form
        guard call(0x4F00, mode: 0), information.load(as: UInt32.self) == 0x4153_4556 else {
            return
        }
        let offset = information.load(fromByteOffset: 14, as: UInt16.self)
        let segment = information.load(fromByteOffset: 16, as: UInt16.self)
        // The list may lie in the buffer, which the calls for each mode overwrite.
        var numbers = [128 of UInt16](repeating: 0xFFFF)
        var count = 0
        let list = ((UInt64(segment) << 4) + UInt64(offset)).pointer
        while count < 128 {
            let number = list.load(fromByteOffset: 2 * count, as: UInt16.self)
            if number == 0xFFFF { break }
            numbers[count] = number
            count += 1
        }
        for index in 0..<count { body(UInt32(numbers[index])) }
    }

    /// Reads what there is to know of one mode (section 4.4).
    private static func read(_ number: UInt32) -> ModeInformation? {
        guard call(0x4F01, mode: number) else { return nil }
        return ModeInformation(UInt64(TRANSFER_BUFFER).pointer)
    }

    /// Calls a function that fills the transfer buffer.
    private static func call(_ function: UInt32, mode: UInt32) -> Bool {
        var registers = bios_registers()
        registers.eax = function
        registers.ecx = mode
        registers.es = UInt16(TRANSFER_BUFFER >> 4)
        bios_call(0x10, &registers)
        return registers.eax & 0xFFFF == success
    }
}

/// The mode information block, as far as the loader uses it; nil for a mode without a linear
/// framebuffer in direct colour of 24 or 32 bits.
private struct ModeInformation {
    let framebuffer: boot_framebuffer

    init?(_ block: UnsafeMutableRawPointer) {
        func byte(_ offset: Int) -> UInt8 { block.load(fromByteOffset: offset, as: UInt8.self) }
        func word(_ offset: Int) -> UInt64 {
            UInt64(block.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
        }
        let required: UInt64 = 1 << 0 | 1 << 4 | 1 << 7  // supported, graphics, linear
        let directColor: UInt8 = 6
        let address = block.loadUnaligned(fromByteOffset: 40, as: UInt32.self)
        let bytesPerLine = word(50) != 0 ? word(50) : word(16)
        let bytesPerPixel = UInt64(byte(25)) / 8
        guard word(0) & required == required, byte(27) == directColor, address != 0,
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
            redPosition: byte(32), greenPosition: byte(34), bluePosition: byte(36))
        self.framebuffer = framebuffer
    }

    func summary(_ number: UInt32) -> ScreenModeChoice.Mode {
        ScreenModeChoice.Mode(
            number: number, width: framebuffer.width, height: framebuffer.height,
            bytesPerPixel: framebuffer.bytes_per_pixel)
    }
}
