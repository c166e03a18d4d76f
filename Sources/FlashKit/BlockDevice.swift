package import SystemPackage

/// The number by which the kernel knows a block device.
package struct DeviceNumber: Hashable, Sendable, CustomStringConvertible {
    let major: UInt64
    let minor: UInt64

    init(_ major: UInt64, _ minor: UInt64) { (self.major, self.minor) = (major, minor) }

    /// Reads `8:16`.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":").map { UInt64($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        self.init(major, minor)
    }

    /// Takes a `dev_t` of Linux apart.
    init(encoded: UInt64) {
        self.init(
            encoded >> 8 & 0xFFF | encoded >> 32 & ~0xFFF, encoded & 0xFF | encoded >> 12 & ~0xFF)
    }

    package var description: String { "\(major):\(minor)" }
}

/// A disk or a partition as Linux describes it, and what makes use of it.
package struct BlockDevice: Equatable, Sendable {
    /// What an image can be written to, and what not.
    package enum Kind: Equatable, Sendable {
        case disk
        case partition(of: String)
        case optical
        /// Made of others: a logical volume, a RAID, an opened LUKS volume.
        case madeOf([String])
    }

    /// What makes use of it, or of a partition of it, or of what is made of these.
    enum Use: Equatable, Sendable {
        case mounted(String, at: String)
        case swap(String)
        /// By another device, which is a `what`: "LVM", "RAID".
        case held(String, by: String, what: String)
    }

    /// The kernel's: `sdb`.
    package let name: String
    package let number: DeviceNumber
    package var kind = Kind.disk
    package var byteCount: UInt64 = 0
    /// Of a logical block.
    package var sectorByteCount = 512
    var isReadOnly = false
    package var isRemovable = false
    /// The maker's name and the product's.
    package var model: String?
    var serial: String?
    /// The number of the medium, which no other that was put in since the start has.
    var mediumNumber: String?
    /// The file that is behind a loop device.
    var backingFile: FilePath?
    /// Of itself, of its partitions, and of all that is made of these.
    var numbers: Set<DeviceNumber> = []
    var uses: [Use] = []

    /// Where programs find it.
    package var path: FilePath {
        FilePath("/dev").appending(String(name.map { $0 == "!" ? "/" : $0 }))
    }

    /// By what it must be named where nobody can be asked.
    ///
    /// A loop device has no serial number; its file is what tells it from others.
    package var identity: String? { serial ?? backingFile?.string }
}
