/// A file that a container needs besides itself.
///
/// QEMU and qemu-img open it wherever it is: whoever made the container would choose which of this
/// machine's files, or which server, a guest reads. So nothing here opens such a container.
public enum ContainerReference: Equatable, Sendable {
    /// What the container lacks is in the file of that name (qcow2, VMDK).
    case backingFile(String)
    /// A qcow2's clusters are in another file.
    case dataFile
    /// A VMDK's sectors are in the file that this line of its descriptor names.
    case extent(String)
    /// What the container lacks is in a parent (VDI, VHD, VHDX).
    case parent
}

extension ContainerFormat {
    /// Finds the other file that a container of this format needs; nil if it stands alone.
    ///
    /// - Throws: ``ContainerError`` if the file's header is not one of this format.
    package func reference(
        in file: some DiskSource
    ) throws(ContainerError) -> ContainerReference? {
        switch self {
        case .raw: nil
        case .qcow2: try QCOW2Header.reference(in: file)
        case .vmdk: try VMDKDescriptor.reference(in: file)
        case .vdi: try VDIHeader.reference(in: file)
        case .vhdx: try VHDXHeader.reference(in: file)
        case .vhd: try VHDFooter.reference(in: file)
        }
    }
}

/// The header of a qcow2 (QEMU, docs/interop/qcow2.txt); numbers are big-endian.
private enum QCOW2Header {
    private static let byteCount = 104
    private static let (version, backingOffset, backingLength) = (4, 8, 16)
    /// Since version 3.
    private static let incompatibleFeatures = 72
    private static let externalDataFile: UInt64 = 1 << 2
    private static let longestName: UInt32 = 1023

    static func reference(
        in file: some DiskSource
    ) throws(ContainerError) -> ContainerReference? {
        let header = try file.wholeStructure("qcow2 header", byteCount, at: 0)
        let version = UInt32(bigEndian: header.number(at: version))
        guard [2, 3].contains(version) else {
            throw .unexpected(structure: "qcow2 version", offset: 4, allowed: "2 or 3")
        }
        let features = UInt64(bigEndian: header.number(at: incompatibleFeatures))
        if version == 3, features & externalDataFile != 0 { return .dataFile }
        let offset = UInt64(bigEndian: header.number(at: backingOffset))
        guard offset != 0 else { return nil }
        let length = UInt32(bigEndian: header.number(at: backingLength))
        let name = try file.wholeStructure(
            "name of the backing file", Int(min(length, longestName)), at: offset)
        return .backingFile(String(decoding: name.bytes, as: UTF8.self))
    }
}

extension VMDKDescriptor {
    private static let directoryOffset = 56
    /// The grain directory is at the file's end, with a second header that takes precedence.
    private static let atEnd = UInt64.max
    /// The second header lies before the last sector.
    private static let footerDistance: UInt64 = 1024
    /// QEMU reads that much, whatever length the header gives.
    private static let leastByteCount: UInt64 = 20 * 512
    private static let parentKey = "parentFileNameHint"
    private static let accesses = ["RW ", "RDONLY ", "NOACCESS "]

    fileprivate static func reference(
        in file: some DiskSource
    ) throws(ContainerError) -> ContainerReference? {
        let header = try header(of: file, at: 0)
        if let reference = try reference(of: header, in: file) { return reference }
        guard header.number(at: directoryOffset, UInt64.self) == atEnd else { return nil }
        let end = file.byteCount.value
        let footer = try Self.header(of: file, at: end - min(end, footerDistance))
        return try reference(of: footer, in: file)
    }

    private static func reference(
        of header: Region, in file: some DiskSource
    ) throws(ContainerError) -> ContainerReference? {
        let (offset, length) = place(in: header)
        let isAbsent = offset == 0
        // Without a capacity, all sectors are in the extents that the descriptor names.
        let needsExtents = header.number(at: capacity, UInt64.self) == 0
        if isAbsent, !needsExtents { return nil }
        guard length <= longest, !isAbsent else {
            throw .unexpected(
                structure: "VMDK descriptor", offset: offset, allowed: "at most 1 MiB long")
        }
        let bytes = try region(of: file, at: offset, max(length, leastByteCount))
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        if let line = lines.first(where: { $0.contains(parentKey) }) {
            return .backingFile(quoted(line))
        }
        let extents = lines.filter { line in accesses.contains { line.hasPrefix($0) } }
        let others = extents.filter { !$0.contains(" SPARSE ") }
        let foreign = needsExtents ? extents.first : others.first ?? extents.dropFirst().first
        if let foreign { return .extent(String(foreign)) }
        guard !needsExtents else {
            throw .unexpected(structure: "VMDK capacity", offset: header.offset, allowed: "not 0")
        }
        return nil
    }

    private static func region(
        of file: some DiskSource, at offset: UInt64, _ count: UInt64
    ) throws(ContainerError) -> [UInt8] {
        do throws(DiskReadError) {
            return try file.region("VMDK descriptor", Int(count), at: offset).bytes
        } catch {
            throw .unreadable(error)
        }
    }

    /// What stands between the quotes of a line.
    private static func quoted(_ line: Substring) -> String {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count > 1 ? String(parts[1]) : String(line)
    }
}

extension VDIHeader {
    /// The identifiers of the image that this one depends on, and of its state.
    private static let parentIdentifiers = 0x1A8..<0x1C8

    fileprivate static func reference(
        in file: some DiskSource
    ) throws(ContainerError) -> ContainerReference? {
        let header = try file.wholeStructure("VDI header", parentIdentifiers.upperBound, at: 0)
        return header.isZero(parentIdentifiers) ? nil : .parent
    }
}

extension VHDFooter {
    /// The disk's type, 4 bytes.
    private static let type = 60
    private static let differencing: UInt32 = 4

    fileprivate static func reference(
        in file: some DiskSource
    ) throws(ContainerError) -> ContainerReference? {
        let footer = try file.wholeStructure("VHD footer", byteCount, at: 0)
        return UInt32(bigEndian: footer.number(at: type)) == differencing ? .parent : nil
    }
}

extension VHDXHeader {
    fileprivate static func reference(
        in file: some DiskSource
    ) throws(ContainerError) -> ContainerReference? {
        try VHDXMetadata.hasParent(in: file) ? .parent : nil
    }
}
