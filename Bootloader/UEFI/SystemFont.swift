import CUEFI

extension UEFI {
    /// Asks for each character's image (UEFI 2.10, section 34.1); one that the firmware's font does
    /// not have stays empty.
    func readFont(into memory: PhysicalMemory) -> UInt64 {
        let font = services.firstInterface(efi_hii_font_guid, as: efi_hii_font.self)
        guard let font else { return 0 }
        memory.clear()
        var height: UInt64 = 0
        var background: UInt32 = 0
        for character in UInt32(UInt8(ascii: " "))..<256 {
            var image: UnsafeMutablePointer<efi_image_output>?
            let status = font.members.get_glyph(
                font.address, efi_character(character), nil, &image, nil)
            guard status == 0, let image = image?.pointee, image.width == 8,
                let pixels = image.pixels
            else { continue }
            if height == 0 {  // the space
                height = min(UInt64(image.height), memory.byteCount / 256)
                background = pixels[0]
            }
            guard image.height == height else { continue }
            for row in 0..<Int(height) {
                var bits: UInt8 = 0
                for column in 0..<8 {
                    bits = bits << 1 | (pixels[8 * row + column] == background ? 0 : 1)
                }
                memory.store(bits, at: UInt64(character) * height + UInt64(row))
            }
        }
        return height
    }
}
