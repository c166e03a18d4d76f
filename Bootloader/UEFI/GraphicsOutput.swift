import CUEFI

/// The screen, by the graphics output protocol (UEFI 2.10, section 12.9).
struct GraphicsOutput {
    private let graphics: Interface<efi_graphics_output>

    /// Finds the first screen; nil if there is none.
    init?(_ services: Interface<efi_boot_services>) {
        let first = services.firstInterface(efi_graphics_output_guid, as: efi_graphics_output.self)
        guard let first else { return nil }
        graphics = first
    }

    /// Keeps the firmware's mode if it is large enough, else sets the best one, and describes the
    /// framebuffer; nil if only the firmware can draw.
    func framebuffer(for request: ScreenRequest) throws(BootError) -> Framebuffer? {
        let choice = ScreenModeChoice(request: request)
        let current = graphics.members.mode.pointee
        if request.acceptsLarger, let information = current.information?.pointee,
            let mode = Self.mode(current.mode, information), choice.isLargeEnough(mode)
        {
            return describeCurrentMode()
        }
        if let best = bestMode(choice), best.number != current.mode {
            try check(
                graphics.members.set_mode(graphics.address, best.number), .screen,
                "firmware rejects the graphics mode; status")
        }
        return describeCurrentMode()
    }

    private func bestMode(_ choice: ScreenModeChoice) -> ScreenModeChoice.Mode? {
        var choice = choice
        forEachInformation { number, information in
            if let mode = Self.mode(number, information) { choice.consider(mode) }
        }
        return choice.best
    }

    /// Calls `body` with each mode that has a framebuffer.
    @inline(never)
    func forEachMode(_ body: (Framebuffer) -> Void) {
        forEachInformation { _, information in
            if let mode = Framebuffer(information, at: 0) { body(mode) }
        }
    }

    @inline(never)
    private func forEachInformation(_ body: (UInt32, efi_graphics_mode_information) -> Void) {
        for number in 0..<graphics.members.mode.pointee.mode_count {
            var byteCount: UInt64 = 0
            var information: Interface<efi_graphics_mode_information>.Address?
            let status = graphics.members.query_mode(
                graphics.address, number, &byteCount, &information)
            if status == 0, let information { body(number, information.pointee) }
        }
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

    private func describeCurrentMode() -> Framebuffer? {
        let mode = graphics.members.mode.pointee
        guard let information = mode.information?.pointee, mode.framebuffer_address != 0 else {
            return nil
        }
        return Framebuffer(information, at: mode.framebuffer_address)
    }
}

extension Framebuffer {
    /// Nil if the mode has none.
    fileprivate init?(_ information: efi_graphics_mode_information, at address: UInt64) {
        guard let bytesPerPixel = information.bytesPerPixel, let masks = information.masks else {
            return nil
        }
        self.init(
            start: PhysicalAddress(address), width: UInt64(information.width),
            height: UInt64(information.height),
            pitch: UInt64(information.pixels_per_line) * bytesPerPixel,
            bytesPerPixel: bytesPerPixel, red: Field(masks.red), green: Field(masks.green),
            blue: Field(masks.blue))
    }
}

extension Framebuffer.Field {
    fileprivate init(_ mask: UInt32) {
        position = UInt8(mask.trailingZeroBitCount)
        bitCount = UInt8(mask.nonzeroBitCount)
    }
}

extension efi_graphics_mode_information {
    /// The bits of red, green, blue and nothing in a pixel; nil if the mode has no framebuffer.
    fileprivate var masks: (red: UInt32, green: UInt32, blue: UInt32, reserved: UInt32)? {
        switch efi_pixel_format(pixel_format) {
        case EFI_PIXEL_RGB: (0xFF, 0xFF00, 0xFF_0000, 0xFF00_0000)
        case EFI_PIXEL_BGR: (0xFF_0000, 0xFF00, 0xFF, 0xFF00_0000)
        case EFI_PIXEL_MASK: (red_mask, green_mask, blue_mask, reserved_mask)
        default: nil
        }
    }

    /// Nil if the mode has no framebuffer.
    fileprivate var bytesPerPixel: UInt64? {
        guard let masks else { return nil }
        let all = masks.red | masks.green | masks.blue | masks.reserved
        return (39 - UInt64(all.leadingZeroBitCount)) / 8
    }
}
