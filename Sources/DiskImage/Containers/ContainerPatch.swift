/// Bytes to be written over those at a place in a container.
public struct ContainerPatch: Equatable, Sendable {
    /// The place, in bytes from the file's start.
    public let offset: UInt64
    /// What belongs there.
    public let bytes: [UInt8]
}

/// Why a container was not made reproducible.
public enum ContainerError: Error, Equatable, CustomStringConvertible {
    /// It could not be read.
    case unreadable(DiskReadError)
    /// A structure is not what the format's specification says, or what qemu-img is known to write.
    case unexpected(structure: String, offset: UInt64, allowed: String)

    /// One line.
    public var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .unexpected(let structure, let offset, let allowed):
            "\(structure) at offset \(hex(offset)) is not \(allowed)"
        }
    }
}

extension ContainerFormat {
    /// What makes a container that qemu-img has just written the same for the same disk: its
    /// identifiers and times, which come from a random number generator and a clock, and the
    /// checksums over them.
    ///
    /// - Parameters:
    ///   - file: The container, closed properly, with nothing in its log.
    ///   - name: The name that the file will have, which a VMDK tells.
    ///   - identity: What identifiers are derived from.
    /// - Returns: What to write where; nothing for a format without identifiers and times.
    /// - Throws: ``ContainerError`` if it is not what qemu-img is known to write.
    public func reproduciblePatches(
        of file: some DiskSource, named name: String, identity: ImageIdentity
    ) throws(ContainerError) -> [ContainerPatch] {
        let identity = identity.derive("container \(rawValue)")
        return switch self {
        // What qemu-img writes has neither identifier nor time.
        case .raw, .qcow2: []
        case .vmdk: try VMDKDescriptor.patches(of: file, named: name, identity: identity)
        case .vdi: try VDIHeader.patches(of: file, identity: identity)
        case .vhdx: try VHDXHeader.patches(of: file, identity: identity)
        case .vhd: try VHDFooter.patches(of: file, identity: identity)
        }
    }
}

extension ImageIdentity {
    /// The identity from which a container's identifiers are derived: that of the raw image's
    /// length and its first 2 MiB, which hold what is derived from all of its content.
    ///
    /// - Throws: ``ContainerError/unreadable(_:)``.
    public init(ofRaw image: some DiskSource) throws(ContainerError) {
        let blockByteCount: UInt64 = 128 << 10
        var hasher = IdentityHasher()
        hasher.combine(image.byteCount.value)
        let end = min(image.byteCount.value, 2 << 20)
        for start in stride(from: 0, to: end, by: Int(blockByteCount)) {
            let count = Int(min(blockByteCount, end - start))
            hasher.combine(try image.structure("image", count, at: start).bytes)
        }
        self = hasher.finalize()
    }
}

extension DiskSource {
    /// A structure of a container, whole.
    func structure(
        _ place: String, _ count: Int, at offset: UInt64
    ) throws(ContainerError) -> Region {
        guard has(UInt64(count), at: offset) else {
            throw .unexpected(structure: place, offset: offset, allowed: "inside the file")
        }
        do throws(DiskReadError) {
            return try region(place, count, at: offset)
        } catch {
            throw .unreadable(error)
        }
    }
}

extension Region {
    /// Refuses a structure that does not begin with those bytes.
    func expect(_ start: some Collection<UInt8>, _ allowed: String) throws(ContainerError) {
        guard bytes.starts(with: start) else {
            throw .unexpected(structure: place, offset: offset, allowed: allowed)
        }
    }
}
