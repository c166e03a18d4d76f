/// What a kernel asks for in its section `.bootimage-requests`, because it takes time.
struct KernelRequests: OptionSet {
    let rawValue: UInt64

    static var processors: KernelRequests {
        KernelRequests(rawValue: UInt64(BOOT_REQUEST_PROCESSORS))
    }
    static var counterFrequency: KernelRequests {
        KernelRequests(rawValue: UInt64(BOOT_REQUEST_COUNTER_FREQUENCY))
    }

    init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Reads a kernel's section, if it has one, and refuses what the loader does not know.
    init(of file: KernelFile) throws(BootError) {
        guard let section = try file.section(named: ".bootimage-requests") else {
            rawValue = 0
            return
        }
        try BootError.require(.kernel, "wrong length of its requests", section.byteCount, is: 8)
        rawValue = section.load(UInt64.self)
        let known: KernelRequests = [.processors, .counterFrequency]
        guard isSubset(of: known) else {
            throw BootError(
                .kernel, "unknown request", found: rawValue,
                allowed: known.rawValue)
        }
    }
}
