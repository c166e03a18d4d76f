/// A run of a disk's sectors that a partition table gives a purpose.
struct Partition {
    /// What the table says that it holds.
    enum Purpose: Equatable, CustomStringConvertible {
        /// An EFI system partition: FAT, and firmware looks for a loader there.
        case efiSystem
        /// FAT, by an MBR's type byte.
        case fat
        /// Data without a file system: a payload, if the partition is active.
        case data
        /// Something that is not looked at unless it shows what it is.
        case other(String)

        var description: String {
            switch self {
            case .efiSystem: "EFI system"
            case .fat: "FAT"
            case .data: "data"
            case .other(let type): type
            }
        }
    }

    /// Its place in the table, from 1 on.
    let number: Int
    let purpose: Purpose
    let isActive: Bool
    /// Its own identifier, if it is one of a GPT.
    let guid: GUID?
    let sectors: SectorRange
    /// The type in its table, and where that lies.
    let typeField: (text: String, offset: UInt64)

    /// What people call it.
    var name: String { "partition \(number)" }
}
