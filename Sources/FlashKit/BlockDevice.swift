package import SystemPackage

/// A device number of Linux.
package struct DeviceNumber: Hashable, Sendable, CustomStringConvertible {
    let major: UInt64
    let minor: UInt64

    init(_ major: UInt64, _ minor: UInt64) { (self.major, self.minor) = (major, minor) }

    /// Parses `8:16`.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":").map { UInt64($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        self.init(major, minor)
    }

    /// Decodes a `dev_t` of Linux.
    init(encoded: UInt64) {
        self.init(
            encoded >> 8 & 0xFFF | encoded >> 32 & ~0xFFF, encoded & 0xFF | encoded >> 12 & ~0xFF)
    }

    package var description: String { "\(major):\(minor)" }
}

/// A disk or a partition as Linux describes it, and what uses it.
package struct BlockDevice: Equatable, Sendable {
    /// Only a disk can be written.
    package enum Kind: Equatable, Sendable {
        case disk
        case partition(of: String)
        case optical
        /// Built on other devices: a logical volume, a RAID, an open LUKS volume, a loop device.
        case madeOf([String])
    }

    /// A use of the disk, of one of its partitions, or of a device built on them.
    enum Use: Equatable, Sendable {
        case mounted(String, at: String)
        case swap(String)
        /// By another device; `what` is its kind, such as "LVM", "RAID" or "loop device".
        case held(String, by: String, what: String)
    }

    /// The kernel's name, such as `sdb`.
    package let name: String
    package let number: DeviceNumber
    package var kind = Kind.disk
    package var byteCount: UInt64 = 0
    /// The size of a logical block in bytes.
    package var sectorByteCount = 512
    var isReadOnly = false
    package var isRemovable = false
    /// Vendor and product.
    package var model: String?
    var serial: String?
    /// The sequence number of the medium, unique since the computer started.
    var mediumNumber: String?
    /// The path of the file behind a loop device, and the file.
    var backingFile: FilePath?
    var loopFile: LoopFile?
    /// The numbers of the disk, its partitions and the devices built on them.
    var numbers: Set<DeviceNumber> = []
    var uses: [Use] = []

    /// The device node.
    package var path: FilePath {
        FilePath("/dev").appending(String(name.map { $0 == "!" ? "/" : $0 }))
    }

    /// The identifier for non-interactive use: the serial number, or a loop device's file.
    package var identity: String? { serial ?? backingFile?.string }
}
