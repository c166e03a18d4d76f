import CUEFI

/// The firmware's console (UEFI 2.10, section 12.4).
struct TextScreen: TextOutput {
    private let console: UnsafeMutablePointer<efi_text_output>?

    init(_ console: UnsafeMutablePointer<efi_text_output>?) { self.console = console }

    func put(_ character: UInt8) {
        var text: (UInt16, UInt16) = (UInt16(character), 0)
        withUnsafeMutableBytes(of: &text) {
            let text = $0.assumingMemoryBound(to: UInt16.self).baseAddress
            _ = console?.pointee.output_string(console, text)
        }
    }
}
