/// Where something goes in the kernel's address space.
enum Mapping {
    /// At any address with enough room.
    case dynamic
    case fixed(VirtualAddress)
}

/// What a kernel asks for in its `.bootloader-config` section.
struct KernelConfiguration {
    var stackByteCount: UInt64 = 80 << 10
    var stack = Mapping.dynamic
    var kernelBase = Mapping.dynamic
    var bootInfo = Mapping.dynamic
    var framebuffer = Mapping.dynamic
    var ramdisk = Mapping.dynamic
    var physicalMemory: Mapping?
    var recursivePageTable: Mapping?
    var dynamicRangeStart: VirtualAddress?
    var dynamicRangeEnd: VirtualAddress?
    var randomizesAddresses = false
    var screen = ScreenRequest(prefersText: true)
    /// Whether the kernel has no such section: it gets the first MiB mapped at its own address.
    var isPlain = true

    var mappings: [7 of Mapping?] {
        [stack, kernelBase, bootInfo, framebuffer, ramdisk, physicalMemory, recursivePageTable]
    }

    private static let byteCount: UInt64 = 133
    /// Identifier and version, which determine the format of the rest.
    private static let prefixByteCount: UInt64 = 23
    private static let byteCountBeforeKernelBase: UInt64 = 124
    private static let firstWithKernelBase = Version(0, 11, 11)

    /// Decodes a kernel's section, if it has one, and refuses what bootloader_api 0.11 refuses.
    @inline(never)
    init(of file: KernelFile) throws(BootError) {
        guard let section = try file.section(named: ".bootloader-config") else { return }
        try Self.checkLength(section, section.byteCount >= Self.prefixByteCount)
        var reader = SectionReader(section: section)
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
        dynamicRangeStart = try reader.optionalInteger().map(VirtualAddress.init)
        dynamicRangeEnd = try reader.optionalInteger().map(VirtualAddress.init)
        ramdisk = try reader.mapping()
        screen.minimumHeight = try reader.optionalInteger() ?? 0
        screen.minimumWidth = try reader.optionalInteger() ?? 0
        screen.prefersText = false
    }

    private static func check(_ version: Version, _ section: PhysicalMemory) throws(BootError) {
        guard version.major == Version.supported.major, version.minor == Version.supported.minor
        else {
            throw BootError(
                .kernelConfiguration, "unsupported version of bootloader_api", version: version,
                allowed: .supported)
        }
        guard section.byteCount != byteCountBeforeKernelBase else {
            throw BootError(
                .kernelConfiguration, "version of bootloader_api without kernel_base",
                version: version, allowed: firstWithKernelBase)
        }
        try checkLength(section, section.byteCount == byteCount)
    }

    @inline(never)
    private static func checkLength(_ section: PhysicalMemory, _ isRight: Bool) throws(BootError) {
        if isRight { return }
        throw BootError(
            .kernelConfiguration, "wrong length", count: section.byteCount, allowed: byteCount)
    }
}

/// Reads the section field by field; its length has been checked.
private struct SectionReader {
    let section: PhysicalMemory
    var offset: UInt64 = 0

    mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> UInt64 {
        defer { offset += UInt64(MemoryLayout<T>.size) }
        return UInt64(truncatingIfNeeded: section.load(T.self, at: offset))
    }

    mutating func skip(_ byteCount: UInt64) { offset += byteCount }

    mutating func boolean() throws(BootError) -> Bool {
        let value = integer(UInt8.self)
        guard value <= 1 else { throw invalid(value) }
        return value == 1
    }

    mutating func mapping() throws(BootError) -> Mapping {
        let isFixed = try boolean()
        let address = integer(UInt64.self)
        guard isFixed || address == 0 else { throw invalid(address) }
        return isFixed ? .fixed(VirtualAddress(address)) : .dynamic
    }

    @inline(never)
    mutating func optionalMapping() throws(BootError) -> Mapping? {
        let isPresent = try boolean()
        let start = offset
        let mapping = try mapping()
        guard isPresent || section[start] == 0 else { throw invalid(1) }
        return isPresent ? mapping : nil
    }

    mutating func optionalInteger() throws(BootError) -> UInt64? {
        let isPresent = try boolean()
        let value = integer(UInt64.self)
        guard isPresent || value == 0 else { throw invalid(value) }
        return isPresent ? value : nil
    }

    private func invalid(_ value: UInt64) -> BootError {
        BootError(.kernelConfiguration, "invalid value", found: value)
    }
}

/// A version of the boot contract.
struct Version {
    /// The three numbers, 16 bits each, the first one topmost.
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(_ major: UInt64, _ minor: UInt64, _ patch: UInt64) {
        rawValue = major << 32 | minor << 16 | patch
    }

    var major: UInt64 { rawValue >> 32 }
    var minor: UInt64 { rawValue >> 16 & 0xFFFF }
    var patch: UInt64 { rawValue & 0xFFFF }

    /// The version that the loader implements.
    static var supported: Version {
        Version(UInt64(BOOT_API_MAJOR), UInt64(BOOT_API_MINOR), UInt64(BOOT_API_PATCH))
    }
}
