import CMachine

/// The processor's exceptions while the loader runs.
extension Exceptions {
    /// What the page for ``takeOver(page:)`` is for.
    static var pageUse: MemoryUse { .code }

    /// Takes over synchronous exceptions and leaves firmware its interrupts.
    ///
    /// The page gets a table of branches.
    static func takeOver(page: UInt64) {
        install_exception_handlers(page.pointer.assumingMemoryBound(to: UInt32.self))
    }
}
