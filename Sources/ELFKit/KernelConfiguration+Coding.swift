extension KernelConfiguration {
    /// Size of the encoded section in bytes.
    public static let byteCount = 133

    /// Bytes 0–15.
    static let identifier: [UInt8] = [
        0x74, 0x3c, 0xa9, 0x61, 0x09, 0x36, 0x46, 0xa0, 0xbb, 0x55, 0x5c, 0x15, 0x89, 0x15, 0x25,
        0x3d,
    ]

    /// Size of identifier and version, which tell what the rest is.
    private static let prefixByteCount = 23

    /// Size of the section before it had `kernel_base`.
    private static let byteCountBeforeKernelBase = 124

    /// Decodes the contents of `.bootloader-config`.
    ///
    /// - Parameter bytes: The whole section, little-endian throughout.
    /// - Throws: ``ELFError/Problem/configuration(_:)`` with the first rule that is broken.
    public init(decoding bytes: [UInt8]) throws(ELFError.Problem) {
        guard bytes.count >= Self.prefixByteCount else {
            throw .configuration(.byteCount(UInt64(bytes.count)))
        }
        guard bytes.starts(with: Self.identifier) else {
            throw .configuration(.identifier(Array(bytes.prefix(Self.identifier.count))))
        }
        var reader = ConfigurationReader(bytes, from: Self.identifier.count)
        version = try reader.version()
        try Self.check(version, byteCount: bytes.count)
        try decodeFields(from: &reader)
    }

    private static func check(_ version: Version, byteCount: Int) throws(ELFError.Problem) {
        guard (version.major, version.minor) == (0, 11) else {
            throw .configuration(.version(version))
        }
        if byteCount == byteCountBeforeKernelBase, version.patch < Version.kernelBase.patch {
            throw .configuration(.beforeKernelBase(version))
        }
        guard byteCount == Self.byteCount else {
            throw .configuration(.byteCount(UInt64(byteCount)))
        }
    }

    private mutating func decodeFields(
        from reader: inout ConfigurationReader
    ) throws(ELFError.Problem) {
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

    /// Encodes the section's 133 bytes; decoding them gives the same value.
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

/// Takes the section's fields in order; its size must have been checked.
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

    mutating func tag(_ field: KernelConfiguration.Field) throws(ELFError.Problem) -> Bool {
        let tag: UInt8 = number()
        guard tag <= 1 else {
            throw .configuration(.tag(field, offset: offset - 1, found: tag))
        }
        return tag == 1
    }

    mutating func version() throws(ELFError.Problem) -> KernelConfiguration.Version {
        KernelConfiguration.Version(
            major: number(), minor: number(), patch: number(), isPreRelease: try tag(.preRelease))
    }

    mutating func optionalNumber(
        _ field: KernelConfiguration.Field
    ) throws(ELFError.Problem) -> UInt64? {
        let isPresent = try tag(field)
        let valueOffset = offset
        let value: UInt64 = number()
        guard isPresent || value == 0 else {
            throw .configuration(.valueWithoutTag(field, offset: valueOffset))
        }
        return isPresent ? value : nil
    }

    mutating func mapping(
        _ field: KernelConfiguration.Field
    ) throws(ELFError.Problem) -> KernelConfiguration.Mapping {
        try optionalNumber(field).map { .fixed($0) } ?? .dynamic
    }

    mutating func optionalMapping(
        _ field: KernelConfiguration.Field
    ) throws(ELFError.Problem) -> KernelConfiguration.Mapping? {
        let isPresent = try tag(field)
        let valueOffset = offset
        let value = try mapping(field)
        guard isPresent || value == .dynamic else {
            throw .configuration(.valueWithoutTag(field, offset: valueOffset))
        }
        return isPresent ? value : nil
    }
}

/// Appends the section's fields in order.
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
