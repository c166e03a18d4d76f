extension Architecture {
    /// No: the protocols are for PCs.
    static func isMultiboot(_ kernel: PhysicalMemory, isFirst: Bool) -> Bool { false }

    static func startMultiboot<P>(
        isFirst: Bool, _ kernel: PhysicalMemory, _ memory: consuming FrameAllocator<P>,
        _ settings: LoaderSettings, _ log: Log<P.Screen>
    ) throws(BootError) {
        throw BootError(.kernel, "Multiboot is for x86-64 only")
    }
}
