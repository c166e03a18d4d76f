/// Bytes to overwrite in a container.
package struct ContainerPatch: Equatable, Sendable {
    /// Where they belong, in bytes from the file's start.
    package let offset: UInt64
    package let bytes: [UInt8]
}

/// Why a container cannot be made reproducible.
package enum ContainerError: Error, Equatable, CustomStringConvertible {
    case unreadable(DiskReadError)
    /// A structure differs from the format's specification, or from what qemu-img writes.
    case unexpected(structure: String, offset: UInt64, allowed: String)

    package var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .unexpected(let structure, let offset, let allowed):
            "\(structure) at offset \(hex(offset)) must be \(allowed)"
        }
    }
}

extension ContainerFormat {
    /// Returns the patches that make a container written by qemu-img depend only on the disk: its
    /// identifiers, its times, and the checksums over them.
    ///
    /// qemu-img (7.2) takes them from a random number generator and the clock. It has no option for
    /// them and reads no environment variable such as `SOURCE_DATE_EPOCH`. The file must be closed
    /// properly, with an empty log; `name` is its final one, which a VMDK contains.
    package func reproduciblePatches(
        of file: some DiskSource, named name: String, identity: ImageIdentity
    ) throws(ContainerError) -> [ContainerPatch] {
        let identity = identity.derive("container \(rawValue)")
        return switch self {
        case .raw, .qcow2: []
        case .vmdk: try VMDKDescriptor.patches(of: file, named: name, identity: identity)
        case .vdi: try VDIHeader.patches(of: file, identity: identity)
        case .vhdx: try VHDXHeader.patches(of: file, identity: identity)
        case .vhd: try VHDFooter.patches(of: file, identity: identity)
        }
    }
}

/// The header of a VDI (VirtualBox's VDICore.h, VDIHEADER1).
enum VDIHeader {
    static let signatureOffset = 0x40
    static let signature: [UInt8] = [0x7F, 0x10, 0xDA, 0xBE]

    /// Two consecutive identifiers: of the image, and of its last change.
    private static let identifiersOffset: UInt64 = 0x188

    /// Derives the header's identifiers; there is no checksum.
    static func patches(
        of file: some DiskSource, identity: ImageIdentity
    ) throws(ContainerError) -> [ContainerPatch] {
        let mark = try file.wholeStructure(
            "VDI signature", signature.count, at: UInt64(signatureOffset))
        guard mark.bytes == signature else {
            throw mark.unexpected(allowed: hexDump(signature))
        }
        let identifiers = ["image", "last change"].flatMap { identity.derive($0).guid.encoded() }
        _ = try file.wholeStructure("VDI header", identifiers.count, at: identifiersOffset)
        return [ContainerPatch(offset: identifiersOffset, bytes: identifiers)]
    }
}

/// The footer of a VHD; a dynamic one starts with a copy of it (Virtual Hard Disk Image Format 1.0,
/// "Hard Disk Footer Format").
///
/// Numbers are big-endian.
enum VHDFooter {
    static let cookie = "conectix"

    static let byteCount = 512
    /// Seconds since 2000, 4 bytes.
    private static let time = 24..<28
    /// The ones' complement of the sum of all other bytes.
    private static let checksum = 64..<68
    private static let identifier = 68..<84

    /// Derives the identifier in both copies, and sets the time to the start of 2000.
    static func patches(
        of file: some DiskSource, identity: ImageIdentity
    ) throws(ContainerError) -> [ContainerPatch] {
        let end = file.byteCount.value - min(file.byteCount.value, UInt64(byteCount))
        var patches: [ContainerPatch] = []
        for offset in [0, end] {
            let footer = try file.wholeStructure(
                "VHD footer", byteCount, at: offset, marked: cookie)
            patches.append(ContainerPatch(offset: offset, bytes: patched(footer.bytes, identity)))
        }
        return patches
    }

    private static func patched(_ footer: [UInt8], _ identity: ImageIdentity) -> [UInt8] {
        var bytes = footer
        bytes.put(UInt32(0), at: time.lowerBound)
        bytes.replaceSubrange(identifier, with: identity.derive("unique ID").guid.encoded())
        bytes.put(UInt32(0), at: checksum.lowerBound)
        let sum = ~bytes.reduce(UInt32(0)) { $0 + UInt32($1) }
        bytes.put(sum.byteSwapped, at: checksum.lowerBound)
        return bytes
    }
}

extension ImageIdentity {
    /// The identity from which a container's identifiers are derived: that of the raw image's
    /// length and its first 2 MiB, which hold identifiers derived from all of its content.
    package init(ofRaw image: some DiskSource) throws(ContainerError) {
        let blockByteCount: UInt64 = 128 << 10
        var hasher = IdentityHasher()
        hasher.combine(image.byteCount.value)
        let end = min(image.byteCount.value, 2 << 20)
        for start in stride(from: 0, to: end, by: Int(blockByteCount)) {
            let count = Int(min(blockByteCount, end - start))
            hasher.combine(try image.wholeStructure("image", count, at: start).bytes)
        }
        self = hasher.finalize()
    }
}

extension DiskSource {
    /// Reads a structure that must be whole and begin with a mark.
    func wholeStructure(
        _ place: String, _ count: Int, at offset: UInt64, marked mark: String = ""
    ) throws(ContainerError) -> Region {
        guard has(UInt64(count), at: offset) else {
            throw .unexpected(structure: place, offset: offset, allowed: "inside the file")
        }
        let structure: Region
        do throws(DiskReadError) {
            structure = try region(place, count, at: offset)
        } catch {
            throw .unreadable(error)
        }
        guard structure.bytes.starts(with: mark.utf8) else {
            throw structure.unexpected(allowed: "marked “\(mark)”")
        }
        return structure
    }
}

extension Region {
    func unexpected(allowed: String) -> ContainerError {
        .unexpected(structure: place, offset: offset, allowed: allowed)
    }
}
