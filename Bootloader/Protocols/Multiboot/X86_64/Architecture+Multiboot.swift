extension Architecture {
    /// Whether a file has a header of this version.
    static func isMultiboot(_ kernel: PhysicalMemory, isFirst: Bool) -> Bool {
        MultibootHeader.find(isFirst ? .one : .two, in: kernel) != nil
    }

    static func startMultiboot<P>(
        isFirst: Bool, _ kernel: PhysicalMemory, _ memory: consuming FrameAllocator<P>,
        _ settings: LoaderSettings, _ log: Log<P.Screen>
    ) throws(BootError) {
        guard let header = try MultibootHeader(isFirst ? .one : .two, in: kernel) else {
            throw BootError(.kernel, "no Multiboot header")
        }
        var boot = try MultibootBoot(header, kernel, memory: memory, settings, log)
        try boot.start()
    }
}
