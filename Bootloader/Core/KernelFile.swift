/// A kernel's ELF file as it lies in memory; every read is checked against its end.
struct KernelFile {
    let bytes: UnsafeRawBufferPointer

    /// The fields of the file header that the loader needs (gABI 4.1, "ELF Header").
    let isPositionIndependent: Bool
    let entry: UInt64
    private let programHeaderOffset: UInt64
    private let programHeaderCount: UInt64
    private let sectionHeaderOffset: UInt64
    private let sectionHeaderCount: UInt64
    private let sectionNameIndex: UInt64

    private enum Size {
        static let fileHeader: UInt64 = 64
        static let programHeader: UInt64 = 56
        static let sectionHeader: UInt64 = 64
    }

    /// Checks the file header: ELF, 64-bit, little-endian, for this processor, executable or
    /// shared object.
    init(_ bytes: UnsafeRawBufferPointer) throws(BootError) {
        self.bytes = bytes
        guard bytes.count >= Size.fileHeader else {
            throw BootError(
                .kernel, "shorter than an ELF header", found: UInt64(bytes.count),
                allowed: Size.fileHeader)
        }
        func field<T: FixedWidthInteger>(_ offset: Int, as type: T.Type) -> UInt64 {
            UInt64(truncatingIfNeeded: bytes.loadUnaligned(fromByteOffset: offset, as: type))
        }
        try Self.require("not an ELF file", field(0, as: UInt32.self), is: 0x464C_457F)
        try Self.require("not 64-bit, little-endian", field(4, as: UInt16.self), is: 0x0102)
        try Self.require(
            Architecture.refusal, field(18, as: UInt16.self), is: Architecture.machine)
        let type = field(16, as: UInt16.self)
        guard type == 2 || type == 3 else {
            throw BootError(.kernel, "neither executable nor shared object", found: type)
        }
        isPositionIndependent = type == 3
        entry = field(24, as: UInt64.self)
        programHeaderOffset = field(32, as: UInt64.self)
        sectionHeaderOffset = field(40, as: UInt64.self)
        try Self.require(
            "program header size", field(54, as: UInt16.self), is: Size.programHeader)
        programHeaderCount = field(56, as: UInt16.self)
        let sectionHeaderSize = field(58, as: UInt16.self)
        sectionHeaderCount =
            sectionHeaderSize == Size.sectionHeader ? field(60, as: UInt16.self) : 0
        sectionNameIndex = field(62, as: UInt16.self)
    }

    private static func require(
        _ rule: StaticString, _ found: UInt64, is allowed: UInt64
    ) throws(BootError) {
        guard found == allowed else {
            throw BootError(.kernel, rule, found: found, allowed: allowed)
        }
    }

    /// The bytes of a range of the file; one that reaches beyond its end is refused.
    @inline(never)
    func slice(_ offset: UInt64, _ count: UInt64) throws(BootError) -> UnsafeRawBufferPointer {
        let (end, overflow) = offset.addingReportingOverflow(count)
        guard !overflow, end <= UInt64(bytes.count) else {
            throw BootError(
                .kernel, "a range reaches beyond the file's end", found: offset,
                allowed: UInt64(bytes.count))
        }
        return UnsafeRawBufferPointer(rebasing: bytes[Int(offset)..<Int(end)])
    }

    var segmentCount: Int { Int(programHeaderCount) }

    /// Reads one program header (gABI 4.1, "Program Header").
    @inline(never)
    func segment(_ index: Int) throws(BootError) -> Segment {
        let (offset, overflow) = programHeaderOffset.addingReportingOverflow(
            UInt64(index) * Size.programHeader)
        let header = try slice(overflow ? ~0 : offset, Size.programHeader)
        return Segment(
            kind: header.loadUnaligned(fromByteOffset: 0, as: UInt32.self),
            flags: header.loadUnaligned(fromByteOffset: 4, as: UInt32.self),
            offset: header.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            address: header.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            fileSize: header.loadUnaligned(fromByteOffset: 32, as: UInt64.self),
            memorySize: header.loadUnaligned(fromByteOffset: 40, as: UInt64.self),
            alignment: header.loadUnaligned(fromByteOffset: 48, as: UInt64.self))
    }

    /// The contents of the section of this name; nil where there is none.
    func section(named name: StaticString) throws(BootError) -> UnsafeRawBufferPointer? {
        guard sectionHeaderCount > 0, sectionNameIndex < sectionHeaderCount else { return nil }
        let names = try sectionContents(sectionHeader(sectionNameIndex))
        for index in 0..<sectionHeaderCount {
            let header = try sectionHeader(index)
            let start = Int(header.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
            if names.holds(name, at: start) { return try sectionContents(header) }
        }
        return nil
    }

    private func sectionHeader(_ index: UInt64) throws(BootError) -> UnsafeRawBufferPointer {
        let (offset, overflow) = sectionHeaderOffset.addingReportingOverflow(
            index * Size.sectionHeader)
        return try slice(overflow ? ~0 : offset, Size.sectionHeader)
    }

    private func sectionContents(
        _ header: UnsafeRawBufferPointer
    ) throws(BootError) -> UnsafeRawBufferPointer {
        try slice(
            header.loadUnaligned(fromByteOffset: 24, as: UInt64.self),
            header.loadUnaligned(fromByteOffset: 32, as: UInt64.self))
    }
}

/// One entry of the program header table.
struct Segment {
    static let load: UInt32 = 1
    static let dynamic: UInt32 = 2
    static let tls: UInt32 = 7
    static let relro: UInt32 = 0x6474_E552

    var kind: UInt32
    var flags: UInt32
    var offset: UInt64
    var address: UInt64
    var fileSize: UInt64
    var memorySize: UInt64
    var alignment: UInt64

    /// Whether a page holds parts of both; a segment shares pages with itself.
    ///
    /// Addresses that wrap around may share with anything: such segments are refused elsewhere.
    func sharesPages(with other: Segment) -> Bool {
        memorySize > 0 && address.pageStart <= other.lastAddress
            && other.address.pageStart <= lastAddress
    }

    private var lastAddress: UInt64 { (address &+ memorySize &- 1) | (pageSize - 1) }

    /// The segment's own permissions as page flags.
    var pageFlags: PageFlags {
        var result: PageFlags = [.present]
        if flags & 1 == 0 { result.insert(.noExecute) }
        if flags & 2 != 0 { result.insert(.writable) }
        return result
    }
}

extension UnsafeRawBufferPointer {
    /// Whether a zero-terminated `name` stands at `offset`.
    fileprivate func holds(_ name: StaticString, at offset: Int) -> Bool {
        name.withUTF8Buffer { expected in
            guard offset < count, count - offset > expected.count else { return false }
            for index in expected.indices where self[offset + index] != expected[index] {
                return false
            }
            return self[offset + expected.count] == 0
        }
    }
}
