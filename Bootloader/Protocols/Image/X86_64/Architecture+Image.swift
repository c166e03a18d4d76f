extension Architecture {
    static var hasExceptionLevels: Bool { false }

    /// No: the protocol is for 64-bit ARM.
    static func isImage(_ kernel: PhysicalMemory) -> Bool { false }

    static func startImage<P>(
        _ kernel: PhysicalMemory, _ memory: consuming FrameAllocator<P>,
        _ settings: LoaderSettings, _ log: Log<P.Screen>
    ) throws(BootError) {
        throw BootError(.kernel, refusal)
    }
}
