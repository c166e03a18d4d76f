import CMachine

/// The processor's exceptions while the loader runs.
extension Exceptions {
    /// What the page for ``takeOver(page:)`` is for.
    static var pageUse: MemoryUse { .data }

    private static let leastByteCount = 32 * 16

    /// Takes over the processor's exceptions and leaves firmware its interrupts.
    ///
    /// The table in force is copied to the page at `page`.
    static func takeOver(page: UInt64) {
        let current = read_idt()
        let table = UnsafeMutableRawBufferPointer(start: page.pointer, count: Int(pageSize))
        let byteCount = min(Int(current.limit) + 1, table.count)
        if let entries = UnsafeRawPointer(bitPattern: UInt(current.address)), byteCount > 1 {
            table.copyMemory(from: UnsafeRawBufferPointer(start: entries, count: byteCount))
        }
        install_exception_handlers(
            table.baseAddress, UInt16(max(byteCount, leastByteCount)))
    }
}
