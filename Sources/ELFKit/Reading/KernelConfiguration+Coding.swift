extension KernelConfiguration {
    /// Size of identifier and version in bytes; they determine the rest.
    private static let prefixByteCount = 23

    /// Size in bytes of older sections, without `kernel_base`.
    private static let byteCountBeforeKernelBase = 124

    /// The largest stack in bytes; the loader takes no more memory at once.
    private static let stackLimit: UInt64 = 512 << 30

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
        var reader = ConfigurationReader(bytes: bytes, offset: Self.identifier.count)
        version = try reader.version()
        try Self.check(version, byteCount: bytes.count)
        kernelStackByteCount = reader.number()
        guard kernelStackByteCount <= Self.stackLimit else {
            throw .stack(byteCount: kernelStackByteCount, limit: Self.stackLimit)
        }
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

    /// Encodes the section's 133 bytes; decoding them returns the same value.
    public func encoded() -> [UInt8] {
        var bytes = Self.identifier
        for part in [version.major, version.minor, version.patch] { bytes.append(number: part) }
        bytes.append(tag: version.isPreRelease)
        bytes.append(number: kernelStackByteCount)
        for mapping in [kernelStack, kernelBase, bootInfo, framebuffer] {
            bytes.append(mapping: mapping)
        }
        bytes.append(optionalMapping: physicalMemory)
        bytes.append(optionalMapping: recursivePageTable)
        bytes.append(tag: randomizesAddresses)
        bytes.append(optionalNumber: dynamicRangeStart)
        bytes.append(optionalNumber: dynamicRangeEnd)
        bytes.append(mapping: ramdisk)
        bytes.append(optionalNumber: minimumFramebufferHeight)
        bytes.append(optionalNumber: minimumFramebufferWidth)
        return bytes
    }
}

/// Decodes the section's fields in order; its size must have been checked.
private struct ConfigurationReader {
    let bytes: [UInt8]
    var offset: Int

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
        try optional(field, absent: 0) { $0.number() }
    }

    mutating func mapping(
        _ field: KernelConfiguration.Field
    ) throws(ConfigurationViolation) -> KernelConfiguration.Mapping {
        try optionalNumber(field).map { .fixed($0) } ?? .dynamic
    }

    mutating func optionalMapping(
        _ field: KernelConfiguration.Field
    ) throws(ConfigurationViolation) -> KernelConfiguration.Mapping? {
        try optional(field, absent: .dynamic) { (reader) throws(ConfigurationViolation) in
            try reader.mapping(field)
        }
    }

    /// Decodes a tag and a value, whose bytes must be those of `absent` without the tag.
    private mutating func optional<Value: Equatable>(
        _ field: KernelConfiguration.Field, absent: Value,
        _ decode: (inout Self) throws(ConfigurationViolation) -> Value
    ) throws(ConfigurationViolation) -> Value? {
        let isPresent = try tag(field)
        let valueOffset = offset
        let value = try decode(&self)
        guard isPresent || value == absent else {
            throw .valueWithoutTag(field, offset: valueOffset)
        }
        return isPresent ? value : nil
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(tag isSet: Bool) { append(isSet ? 1 : 0) }

    fileprivate mutating func append(optionalNumber value: UInt64?) {
        append(tag: value != nil)
        append(number: value ?? 0)
    }

    fileprivate mutating func append(mapping: KernelConfiguration.Mapping) {
        switch mapping {
        case .dynamic: append(optionalNumber: nil)
        case .fixed(let address): append(optionalNumber: address)
        }
    }

    fileprivate mutating func append(optionalMapping mapping: KernelConfiguration.Mapping?) {
        append(tag: mapping != nil)
        append(mapping: mapping ?? .dynamic)
    }
}
