extension KernelConfiguration {
    /// Size of identifier and version in bytes; they determine the rest.
    private static let prefixByteCount = 23

    /// Size in bytes of older sections, without `kernel_base`.
    private static let byteCountBeforeKernelBase = 124

    /// Decodes the contents of `.bootloader-config`.
    ///
    /// - Parameter bytes: The whole section; all numbers are little-endian.
    /// - Throws: The first broken rule.
    public init(decoding bytes: [UInt8]) throws(ConfigurationViolation) {
        guard bytes.count >= Self.prefixByteCount else {
            throw .byteCount(UInt64(bytes.count))
        }
        guard bytes.starts(with: Self.identifier) else {
            throw .identifier(Array(bytes.prefix(Self.identifier.count)))
        }
        var reader = ConfigurationReader(bytes, from: Self.identifier.count)
        version = try reader.version()
        try Self.check(version, byteCount: bytes.count)
        try decodeFields(from: &reader)
    }

    private static func check(_ version: Version, byteCount: Int) throws(ConfigurationViolation) {
        guard (version.major, version.minor) == (0, 11) else {
            throw .version(version)
        }
        if byteCount == byteCountBeforeKernelBase, version.patch < Version.kernelBase.patch {
            throw .beforeKernelBase(version)
        }
        guard byteCount == Self.byteCount else {
            throw .byteCount(UInt64(byteCount))
        }
    }

    private mutating func decodeFields(
        from reader: inout ConfigurationReader
    ) throws(ConfigurationViolation) {
        kernelStackByteCount = reader.number()
        kernelStack = try reader.mapping(.kernelStack)
        kernelBase = try reader.mapping(.kernelBase)
        bootInfo = try reader.mapping(.bootInfo)
        framebuffer = try reader.mapping(.framebuffer)
        physicalMemory = try reader.optionalMapping(.physicalMemory)
        recursivePageTable = try reader.optionalMapping(.recursivePageTable)
        randomizesAddresses = try reader.tag(.aslr)
        dynamicRangeStart = try reader.optionalNumber(.dynamicRangeStart)
        dynamicRangeEnd = try reader.optionalNumber(.dynamicRangeEnd)
        ramdisk = try reader.mapping(.ramdisk)
        minimumFramebufferHeight = try reader.optionalNumber(.framebufferHeight)
        minimumFramebufferWidth = try reader.optionalNumber(.framebufferWidth)
    }

    /// Encodes the section's 133 bytes; decoding them returns the same value.
    public func encoded() -> [UInt8] {
        var writer = ConfigurationWriter(bytes: Self.identifier)
        writer.version(version)
        writer.number(kernelStackByteCount)
        for mapping in [kernelStack, kernelBase, bootInfo, framebuffer] {
            writer.mapping(mapping)
        }
        writer.optionalMapping(physicalMemory)
        writer.optionalMapping(recursivePageTable)
        writer.tag(randomizesAddresses)
        writer.optionalNumber(dynamicRangeStart)
        writer.optionalNumber(dynamicRangeEnd)
        writer.mapping(ramdisk)
        writer.optionalNumber(minimumFramebufferHeight)
        writer.optionalNumber(minimumFramebufferWidth)
        return writer.bytes
    }
}

/// Decodes the section's fields in order; its size must have been checked.
private struct ConfigurationReader {
    private let bytes: [UInt8]
    private var offset: Int

    init(_ bytes: [UInt8], from offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    mutating func number<Number: FixedWidthInteger & BitwiseCopyable>() -> Number {
        defer { offset += MemoryLayout<Number>.size }
        return bytes.span.bytes.littleEndian(at: offset)
    }

    mutating func tag(_ field: KernelConfiguration.Field) throws(ConfigurationViolation) -> Bool {
        let tag: UInt8 = number()
        guard tag <= 1 else {
            throw .tag(field, offset: offset - 1, found: tag)
        }
        return tag == 1
    }

    mutating func version() throws(ConfigurationViolation) -> KernelConfiguration.Version {
        KernelConfiguration.Version(
            major: number(), minor: number(), patch: number(), isPreRelease: try tag(.preRelease))
    }

    mutating func optionalNumber(
        _ field: KernelConfiguration.Field
    ) throws(ConfigurationViolation) -> UInt64? {
        let isPresent = try tag(field)
        let valueOffset = offset
        let value: UInt64 = number()
        guard isPresent || value == 0 else {
            throw .valueWithoutTag(field, offset: valueOffset)
        }
        return isPresent ? value : nil
    }

    mutating func mapping(
        _ field: KernelConfiguration.Field
    ) throws(ConfigurationViolation) -> KernelConfiguration.Mapping {
        try optionalNumber(field).map { .fixed($0) } ?? .dynamic
    }

    mutating func optionalMapping(
        _ field: KernelConfiguration.Field
    ) throws(ConfigurationViolation) -> KernelConfiguration.Mapping? {
        let isPresent = try tag(field)
        let valueOffset = offset
        let value = try mapping(field)
        guard isPresent || value == .dynamic else {
            throw .valueWithoutTag(field, offset: valueOffset)
        }
        return isPresent ? value : nil
    }
}

/// Encodes the section's fields in order.
private struct ConfigurationWriter {
    var bytes: [UInt8]

    mutating func number(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func tag(_ isSet: Bool) {
        bytes.append(isSet ? 1 : 0)
    }

    mutating func version(_ version: KernelConfiguration.Version) {
        for part in [version.major, version.minor, version.patch] {
            number(part)
        }
        tag(version.isPreRelease)
    }

    mutating func optionalNumber(_ value: UInt64?) {
        tag(value != nil)
        number(value ?? 0)
    }

    mutating func mapping(_ mapping: KernelConfiguration.Mapping) {
        switch mapping {
        case .dynamic: optionalNumber(nil)
        case .fixed(let address): optionalNumber(address)
        }
    }

    mutating func optionalMapping(_ value: KernelConfiguration.Mapping?) {
        tag(value != nil)
        mapping(value ?? .dynamic)
    }
}
