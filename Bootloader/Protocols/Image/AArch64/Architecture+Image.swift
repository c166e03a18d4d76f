extension Architecture {
    /// Whether boot.json chooses one for the kernel.
    static var hasExceptionLevels: Bool { true }

    /// Whether a file asks for the state in which Linux starts.
    static func isImage(_ kernel: PhysicalMemory) -> Bool {
        if let header = ImageHeader(kernel) { return header.hasMagic }
        return (try? KernelFile(kernel).isLinkedToItsPlace) == true
    }

    static func startImage<P>(
        _ kernel: PhysicalMemory, _ memory: consuming FrameAllocator<P>,
        _ settings: LoaderSettings, _ log: Log<P.Screen>
    ) throws(BootError) {
        var boot = try ImageBoot(kernel, memory: memory, settings, log)
        try boot.start()
    }
}

extension KernelFile {
    /// Where RAM can be on QEMU's `virt`.
    private static var memoryOfVirt: Range<UInt64> { 1 << 30..<256 << 30 }

    /// Whether the kernel is linked to run with the MMU off in the RAM of QEMU's `virt`.
    fileprivate var isLinkedToItsPlace: Bool {
        get throws(BootError) {
            guard !isPositionIndependent else { return false }
            var (isLinked, count) = (true, 0)
            try forEachSegment(.load) { segment in
                let address = segment.physicalAddress
                count += 1
                if segment.address.rawValue != address || !Self.memoryOfVirt.contains(address) {
                    isLinked = false
                }
            }
            return isLinked && count > 0
        }
    }
}
