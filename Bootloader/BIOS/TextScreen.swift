import CBIOS

/// The 80 × 25 text screen, by the video BIOS.
struct TextScreen: TextOutput {
    func put(_ character: UInt8) {
        var registers = bios_registers()
        registers.eax = 0x0E00 | UInt32(character)
        registers.ebx = 0x0007
        bios_call(0x10, &registers)
    }

    /// Sets the mode, which empties the screen: where a kernel may write to 0xb8000.
    func clear() {
        var registers = bios_registers()
        registers.eax = 0x0003
        bios_call(0x10, &registers)
    }
}
