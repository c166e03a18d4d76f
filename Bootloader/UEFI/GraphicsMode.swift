import CUEFI

/// The screen as the firmware has set it up (UEFI 2.10, section 12.9).
struct GraphicsMode {
    private let mode: efi_graphics_mode

    init(_ mode: efi_graphics_mode) { self.mode = mode }

    /// The linear framebuffer; nil where pixels can only be drawn by firmware.
    var framebuffer: boot_framebuffer? {
        guard let information = mode.information?.pointee, mode.framebuffer_address != 0,
            let format = Self.format(of: information)
        else { return nil }
        var framebuffer = boot_framebuffer()
        framebuffer.buffer_start = mode.framebuffer_address
        framebuffer.width = UInt64(information.width)
        framebuffer.height = UInt64(information.height)
        framebuffer.stride = UInt64(information.pixels_per_line)
        framebuffer.bytes_per_pixel = 4
        framebuffer.byte_length = framebuffer.stride * framebuffer.height * 4
        framebuffer.pixel_format = format.rawValue
        if format == BOOT_PIXEL_UNKNOWN {
            framebuffer.red_position = UInt8(information.red_mask.trailingZeroBitCount)
            framebuffer.green_position = UInt8(information.green_mask.trailingZeroBitCount)
            framebuffer.blue_position = UInt8(information.blue_mask.trailingZeroBitCount)
        }
        return framebuffer
    }

    private static func format(
        of information: efi_graphics_mode_information
    ) -> boot_pixel_format? {
        switch efi_pixel_format(information.pixel_format) {
        case EFI_PIXEL_RGB: BOOT_PIXEL_RGB
        case EFI_PIXEL_BGR: BOOT_PIXEL_BGR
        case EFI_PIXEL_MASK: BOOT_PIXEL_UNKNOWN
        default: nil
        }
    }
}
