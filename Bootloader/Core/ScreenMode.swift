/// The screen that the kernel should get.
struct ScreenRequest {
    /// In pixels; zero for any size.
    var minimumWidth: UInt64 = 0
    var minimumHeight: UInt64 = 0
    /// Whether the kernel gets a text screen on BIOS: because it does not know about framebuffers,
    /// or because boot.json says so.
    var prefersText = false

    /// Overrides the kernel's wishes with those of boot.json.
    mutating func apply(_ settings: LoaderSettings) {
        minimumWidth = settings.minimumWidth ?? minimumWidth
        minimumHeight = settings.minimumHeight ?? minimumHeight
        prefersText = settings.prefersText ?? prefersText
    }
}

/// Chooses the best of the firmware's modes: the smallest that is large enough, or else the largest
/// of all; of two with the same area, the one with more bits per pixel.
struct ScreenModeChoice {
    struct Mode {
        /// The firmware's number for the mode.
        var number: UInt32
        var width: UInt64
        var height: UInt64
        var bytesPerPixel: UInt64

        var area: UInt64 { width * height }
    }

    let request: ScreenRequest
    private(set) var best: Mode?

    mutating func consider(_ mode: Mode) {
        if let current = best, !isBetter(mode, than: current) { return }
        best = mode
    }

    private func isBetter(_ mode: Mode, than current: Mode) -> Bool {
        if isLargeEnough(mode) != isLargeEnough(current) { return isLargeEnough(mode) }
        if mode.area == current.area { return mode.bytesPerPixel > current.bytesPerPixel }
        return (mode.area < current.area) == isLargeEnough(mode)
    }

    func isLargeEnough(_ mode: Mode) -> Bool {
        mode.width >= request.minimumWidth && mode.height >= request.minimumHeight
    }
}

extension boot_framebuffer {
    /// A framebuffer at a physical address, with `stride` pixels in a line, given the lowest bit of
    /// each colour; each colour has eight bits.
    init(
        at address: UInt64, width: UInt64, height: UInt64, stride: UInt64, bytesPerPixel: UInt64,
        redPosition: UInt8, greenPosition: UInt8, bluePosition: UInt8
    ) {
        self.init()
        buffer_start = address
        (self.width, self.height, self.stride) = (width, height, stride)
        bytes_per_pixel = bytesPerPixel
        byte_length = stride * height * bytesPerPixel
        switch (redPosition, greenPosition, bluePosition) {
        case (0, 8, 16): pixel_format = BOOT_PIXEL_RGB.rawValue
        case (16, 8, 0): pixel_format = BOOT_PIXEL_BGR.rawValue
        default:
            pixel_format = BOOT_PIXEL_UNKNOWN.rawValue
            red_position = redPosition
            green_position = greenPosition
            blue_position = bluePosition
        }
    }
}
