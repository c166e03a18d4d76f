import CUEFI

/// The screen, by the graphics output protocol (UEFI 2.10, section 12.9).
struct GraphicsOutput {
    private let graphics: Interface<efi_graphics_output>

    /// Finds the first screen; nil if there is none.
    init?(_ services: Interface<efi_boot_services>) {
        guard
            let graphics = services.firstInterface(
                efi_graphics_output_guid, as: efi_graphics_output.self)
        else { return nil }
        self.graphics = graphics
    }

    /// Keeps the firmware's mode if it is large enough, else sets the best one, and describes the
    /// framebuffer; nil if only the firmware can draw.
    func framebuffer(for request: ScreenRequest) throws(BootError) -> boot_framebuffer? {
        let choice = ScreenModeChoice(request)
        let current = graphics.members.mode.pointee
        if let information = current.information?.pointee,
            let mode = Self.mode(current.mode, information), choice.isLargeEnough(mode)
        {
            return describeCurrentMode()
        }
        guard let best = bestMode(choice) else { return describeCurrentMode() }
        if best.number != current.mode {
            try check(
                graphics.members.set_mode(graphics.address, best.number), .screen,
                "firmware rejects the graphics mode; status")
        }
        return describeCurrentMode()
    }

    private func bestMode(_ choice: ScreenModeChoice) -> ScreenModeChoice.Mode? {
        var choice = choice
        for number in 0..<graphics.members.mode.pointee.mode_count {
            var byteCount: UInt64 = 0
            var information: Interface<efi_graphics_mode_information>.Address?
            let status = graphics.members.query_mode(
                graphics.address, number, &byteCount, &information)
            if status == 0, let information, let mode = Self.mode(number, information.pointee) {
                choice.consider(mode)
            }
        }
        return choice.best
    }

    /// Describes a mode; nil if it has no framebuffer.
    private static func mode(
        _ number: UInt32, _ information: efi_graphics_mode_information
    ) -> ScreenModeChoice.Mode? {
        guard let bytesPerPixel = information.bytesPerPixel else { return nil }
        return ScreenModeChoice.Mode(
            number: number, width: UInt64(information.width),
            height: UInt64(information.height), bytesPerPixel: bytesPerPixel)
    }

    private func describeCurrentMode() -> boot_framebuffer? {
        let mode = graphics.members.mode.pointee
        guard let information = mode.information?.pointee, mode.framebuffer_address != 0,
            let bytesPerPixel = information.bytesPerPixel
        else { return nil }
        var framebuffer = boot_framebuffer()
        framebuffer.buffer_start = mode.framebuffer_address
        framebuffer.width = UInt64(information.width)
        framebuffer.height = UInt64(information.height)
        framebuffer.stride = UInt64(information.pixels_per_line)
        framebuffer.bytes_per_pixel = bytesPerPixel
        framebuffer.byte_length = framebuffer.stride * framebuffer.height * bytesPerPixel
        let (red, green, blue) = information.colorPositions
        framebuffer.setFormat(redPosition: red, greenPosition: green, bluePosition: blue)
        return framebuffer
    }
}

extension efi_graphics_mode_information {
    /// Nil if the mode has no framebuffer.
    fileprivate var bytesPerPixel: UInt64? {
        switch efi_pixel_format(pixel_format) {
        case EFI_PIXEL_RGB, EFI_PIXEL_BGR: 4
        case EFI_PIXEL_MASK:
            (39 - UInt64((red_mask | green_mask | blue_mask | reserved_mask).leadingZeroBitCount))
                / 8
        default: nil
        }
    }

    /// The lowest bits of red, green and blue in a pixel.
    fileprivate var colorPositions: (UInt8, UInt8, UInt8) {
        switch efi_pixel_format(pixel_format) {
        case EFI_PIXEL_RGB: (0, 8, 16)
        case EFI_PIXEL_BGR: (16, 8, 0)
        default:
            (
                UInt8(red_mask.trailingZeroBitCount), UInt8(green_mask.trailingZeroBitCount),
                UInt8(blue_mask.trailingZeroBitCount)
            )
        }
    }
}
