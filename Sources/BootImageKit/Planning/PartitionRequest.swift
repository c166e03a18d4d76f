package import DiskImage
package import SystemPackage

/// A user's partition, as `[[partition]]` in `bootimage.toml` describes it.
package struct PartitionRequest: Equatable, Sendable {
    /// The file system: FAT32 is written directly, libguestfs makes the others.
    package enum FileSystem: String, CaseIterable, Sendable {
        case none, fat32, ext2, ext4, btrfs, xfs
    }

    package var name: String
    package var type = PartitionType.linuxData
    /// The least size.
    package var size = ByteCount.zero
    package var fileSystem = FileSystem.none
    /// A folder that fills the file system, or the bytes of a partition without one.
    package var source: FilePath?
}

extension PartitionRequest {
    package init(name: String) { self.init(name: name, type: .linuxData) }
}

/// The purpose of a partition (UEFI 2.10 table 5.7; Discoverable Partitions Specification).
package struct PartitionType: Equatable, Sendable {
    package let guid: GUID

    package static let linuxData = Self(
        guid: GUID(high: 0x0FC6_3DAF_8483_4772, low: 0x8E79_3D69_D847_7DE4))
    package static let swap = Self(
        guid: GUID(high: 0x0657_FD6D_A4AB_43C4, low: 0x84E5_0933_C84B_4F4F))

    package static let names: [(name: String, type: Self)] = [
        ("linux-data", linuxData), ("swap", swap), ("esp", Self(guid: GPTPartitionEntry.efiSystem)),
    ]

    private init(guid: GUID) { self.guid = guid }

    /// A name, or a GUID that is not zero.
    package init?(text: String) {
        if let named = Self.names.first(where: { $0.name == text }) {
            self = named.type
        } else if let guid = GUID(text: text), guid != .unused {
            self.init(guid: guid)
        } else {
            return nil
        }
    }

    /// The name, or the GUID.
    package var text: String {
        Self.names.first { $0.type == self }?.name ?? guid.description
    }
}

extension ByteCount {
    private static let units: [(name: String, byteCount: UInt64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    /// Parses a whole number with the unit KiB, MiB, GiB or TiB; nil from 2⁶⁴ bytes on.
    package init?(sizeText text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits),
            let unit = Self.units.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: unit.byteCount)
        if overflows { return nil }
        self.init(bytes)
    }

    /// The number in the largest unit that divides it.
    package var sizeText: String {
        let fitting = Self.units.first { value > 0 && value.isMultiple(of: $0.byteCount) }
        let unit = fitting ?? ("KiB", 1 << 10)
        return "\(value / unit.byteCount)\(unit.name)"
    }
}
