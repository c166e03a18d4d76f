/// The screen that the kernel should get.
struct ScreenRequest {
    /// In pixels; zero for any size.
    var minimumWidth: UInt64 = 0
    var minimumHeight: UInt64 = 0
    /// Whether the firmware's own mode will do if it is larger.
    var acceptsLarger = true
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

/// A linear framebuffer in direct colour.
struct Framebuffer {
    /// Which bits of a pixel have a colour.
    struct Field {
        /// The lowest bit.
        var position: UInt8
        var bitCount: UInt8
    }

    let start: PhysicalAddress
    /// In pixels.
    let width: UInt64
    let height: UInt64
    /// From one line to the next, in bytes.
    let pitch: UInt64
    let bytesPerPixel: UInt64
    let red: Field
    let green: Field
    let blue: Field

    var byteCount: UInt64 { pitch * height }
}
