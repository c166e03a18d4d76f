/// What the kernel wants of its screen.
struct ScreenRequest {
    /// Pixels; zero where it does not matter.
    var minimumWidth: UInt64 = 0
    var minimumHeight: UInt64 = 0
    /// Whether the kernel is to find a text screen on BIOS: it knows nothing of framebuffers, or
    /// boot.json says so.
    var prefersText = false

    /// Takes what boot.json says before what the kernel says.
    mutating func apply(_ settings: LoaderSettings) {
        minimumWidth = settings.minimumWidth ?? minimumWidth
        minimumHeight = settings.minimumHeight ?? minimumHeight
        prefersText = settings.prefersText ?? prefersText
    }
}

/// The best of the modes that firmware offers: the smallest that is large enough, else the
/// largest there is; of two that are equal, the one with more bits for a pixel.
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

    init(_ request: ScreenRequest) { self.request = request }

    /// Looks at one more mode.
    mutating func consider(_ mode: Mode) {
        guard let current = best else {
            best = mode
            return
        }
        if isBetter(mode, than: current) { best = mode }
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
    /// Sets the pixel format from the lowest bit of each colour, all of eight bits.
    mutating func setFormat(redPosition: UInt8, greenPosition: UInt8, bluePosition: UInt8) {
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
