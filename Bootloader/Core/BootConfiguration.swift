/// Where something goes in the kernel's address space: wherever there is room, or at an address.
enum Mapping {
    case dynamic
    case fixed(UInt64)
}

/// What a kernel asks of the loader in its section `.bootloader-config`.
struct BootConfiguration {
    var stackByteCount: UInt64 = 80 << 10
    var stack = Mapping.dynamic
    var kernelBase = Mapping.dynamic
    var bootInfo = Mapping.dynamic
    var framebuffer = Mapping.dynamic
    var ramdisk = Mapping.dynamic
    var physicalMemory: Mapping?
    var recursivePageTable: Mapping?
    var dynamicRangeStart: UInt64?
    var dynamicRangeEnd: UInt64?
    var randomizesAddresses = false
    var screen = ScreenRequest(prefersText: true)
    /// A kernel without the section knows no contract: it gets the low megabyte one to one.
    var isPlain = true

    /// Calls `body` with each mapping.
    func forEachMapping(_ body: (Mapping) throws(BootError) -> Void) throws(BootError) {
        try body(stack)
        try body(kernelBase)
        try body(bootInfo)
        try body(framebuffer)
        try body(ramdisk)
        if let physicalMemory { try body(physicalMemory) }
        if let recursivePageTable { try body(recursivePageTable) }
    }

    /// The configuration of a kernel that has none.
    init() {}

    private static let byteCount = 133
    /// Identifier and version, which tell what the rest is.
    private static let prefixByteCount = 23
    private static let byteCountBeforeKernelBase = 124
    private static let firstWithKernelBase = Version(0, 11, 11)

    /// Decodes the section, refusing what bootloader_api 0.11 would.
    init(section: UnsafeRawBufferPointer) throws(BootError) {
        guard section.count >= Self.prefixByteCount else { throw Self.invalidLength(section) }
        var reader = SectionReader(bytes: section)
        guard reader.integer(UInt64.self) == 0xA046_3609_61A9_3C74,
            reader.integer(UInt64.self) == 0x3D25_1589_155C_55BB
        else { throw BootError(.kernelConfiguration, "unknown identifier") }
        let version = Version(
            reader.integer(UInt16.self), reader.integer(UInt16.self), reader.integer(UInt16.self))
        reader.skip(1)
        try Self.check(version, section)
        isPlain = false
        stackByteCount = reader.integer(UInt64.self)
        stack = try reader.mapping()
        kernelBase = try reader.mapping()
        bootInfo = try reader.mapping()
        framebuffer = try reader.mapping()
        physicalMemory = try reader.optionalMapping()
        recursivePageTable = try reader.optionalMapping()
        randomizesAddresses = try reader.boolean()
        dynamicRangeStart = try reader.optionalAddress()
        dynamicRangeEnd = try reader.optionalAddress()
        ramdisk = try reader.mapping()
        screen.minimumHeight = try reader.optionalAddress() ?? 0
        screen.minimumWidth = try reader.optionalAddress() ?? 0
        screen.prefersText = false
    }

    private static func check(
        _ version: Version, _ section: UnsafeRawBufferPointer
    ) throws(BootError) {
        guard version.major == Version.spoken.major, version.minor == Version.spoken.minor else {
            throw BootError(
                .kernelConfiguration, "of another bootloader_api", version: version,
                allowed: .spoken)
        }
        guard section.count == byteCount else {
            guard section.count == byteCountBeforeKernelBase else { throw invalidLength(section) }
            throw BootError(
                .kernelConfiguration, "of a bootloader_api without kernel_base", version: version,
                allowed: firstWithKernelBase)
        }
    }

    private static func invalidLength(_ section: UnsafeRawBufferPointer) -> BootError {
        BootError(
            .kernelConfiguration, "length", found: UInt64(section.count),
            allowed: UInt64(byteCount))
    }
}

/// Reads the section field by field; its length has been checked.
private struct SectionReader {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    mutating func integer<T: FixedWidthInteger>(_ type: T.Type) -> UInt64 {
        defer { offset += MemoryLayout<T>.size }
        return UInt64(
            truncatingIfNeeded: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    mutating func skip(_ count: Int) { offset += count }

    mutating func boolean() throws(BootError) -> Bool {
        let value = integer(UInt8.self)
        guard value <= 1 else { throw invalid(value) }
        return value == 1
    }

    mutating func mapping() throws(BootError) -> Mapping {
        let isFixed = try boolean()
        let address = integer(UInt64.self)
        guard isFixed || address == 0 else { throw invalid(address) }
        return isFixed ? .fixed(address) : .dynamic
    }

    mutating func optionalMapping() throws(BootError) -> Mapping? {
        let isPresent = try boolean()
        let start = offset
        let mapping = try mapping()
        if isPresent { return mapping }
        guard bytes[start] == 0, case .dynamic = mapping else { throw invalid(1) }
        return nil
    }

    mutating func optionalAddress() throws(BootError) -> UInt64? {
        let isPresent = try boolean()
        let address = integer(UInt64.self)
        guard isPresent || address == 0 else { throw invalid(address) }
        return isPresent ? address : nil
    }

    private func invalid(_ value: UInt64) -> BootError {
        BootError(.kernelConfiguration, "invalid value", found: value)
    }
}
