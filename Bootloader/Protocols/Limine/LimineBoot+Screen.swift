import CLimine

/// The framebuffer and the screen's modes.
extension LimineBoot {
    private static var modeLimit: UInt64 { 256 }

    mutating func answerAboutScreen() throws(BootError) {
        guard requests.contains(LIMINE_FRAMEBUFFER) else { return }
        let edid = try memory.allocate(byteCount: pageSize)
        let edidByteCount = memory.platform.readScreenDescription(into: edid)
        var request = ScreenRequest(nativeSizeIn: edid[0..<edidByteCount])
        request.apply(settings)
        guard let screen = try memory.platform.findFramebuffer(request) else { return }
        framebuffer = screen
        let firstMode = responses.end
        var count: UInt64 = 0
        memory.platform.forEachScreenMode { mode in
            guard count < Self.modeLimit else { return }
            responses.add(mode, isMode: true)
            count += 1
        }
        let modes = responses.end
        for index in 0..<count { responses.add(firstMode + 40 * index) }
        let description = responses.end
        responses.add(pointer(screen.start))
        responses.add(screen, isMode: false)
        responses.add(edidByteCount)
        responses.add(edidByteCount > 0 ? pointer(edid.start) : 0)
        responses.add(count)
        responses.add(modes)
        let descriptions = responses.end
        responses.add(description)
        answer(LIMINE_FRAMEBUFFER, revision: 1, 1, descriptions.rawValue)
        log.write(.debug, "screen of %d by %d", screen.width, screen.height)
        if requests.contains(LIMINE_FLANTERM) { try answerAboutTerminal(on: screen) }
    }

    /// Answers with Flanterm's default colours and the firmware's font; all zero for a screen that
    /// Flanterm cannot use.
    private mutating func answerAboutTerminal(on screen: Framebuffer) throws(BootError) {
        let font = try memory.allocate(byteCount: 2 * pageSize)
        let parameters = responses.end
        if screen.bytesPerPixel == 4 {
            let height = memory.platform.readFont(into: font)
            responses.add(0)  // no picture behind the text, and its size
            responses.add(0)
            for index in 0..<UInt32(8) {
                let colour = Self.colour(2 * index)
                responses.add(colour, colour + (index == 1 ? 0xAA_5500 - 0xAA00 : 0xAA_0000))
            }
            responses.add(0, 0xAA_AAAA)  // background and text, then both bright
            responses.add(0x55_5555, 0xFF_FFFF)
            responses.add(height > 0 ? pointer(font.start) : 0)
            responses.add(height > 0 ? 8 : 0)
            responses.add(height)
            responses.add(1)  // pixel between characters
            responses.add(1)  // scale
            responses.add(1)
            responses.add(0)  // margin
            responses.add(0)  // rotation
        } else {
            for _ in 0..<20 { responses.add(0) }
        }
        let list = responses.end
        responses.add(parameters)
        answer(LIMINE_FLANTERM, 1, list.rawValue)
    }

    /// A colour of a PC's text screen without red: green, blue and brightness by a bit each.
    private static func colour(_ number: UInt32) -> UInt32 {
        (number & 2) * 0x5500 + (number & 4) / 4 * 0xAA + (number & 8) / 8 * 0x55_5555
    }
}

extension ScreenRequest {
    /// The size of the first detailed timing in a screen's EDID (E-EDID 1.4, section 3.10.2).
    fileprivate init(nativeSizeIn edid: PhysicalMemory) {
        self.init()
        guard edid.byteCount >= 128 else { return }
        minimumWidth = UInt64(edid[56]) | UInt64(edid[58] & 0xF0) << 4
        minimumHeight = UInt64(edid[59]) | UInt64(edid[61] & 0xF0) << 4
    }
}

extension LimineArena {
    /// Adds the fields of a video mode, or those that a framebuffer has behind its address.
    @inline(never)
    fileprivate mutating func add(_ screen: Framebuffer, isMode: Bool) {
        if isMode { add(screen.pitch) }
        add(screen.width)
        add(screen.height)
        if !isMode { add(screen.pitch) }
        let rgb: UInt64 = 1
        func bits(_ field: Framebuffer.Field) -> UInt64 {
            UInt64(field.position) << 8 | UInt64(field.bitCount)
        }
        add(
            8 * screen.bytesPerPixel | rgb << 16 | bits(screen.red) << 24
                | bits(screen.green) << 40 | bits(screen.blue) << 56)
        add(bits(screen.blue) >> 8)
    }
}
