struct Partition {
    /// The purpose, by the type in the table.
    enum Purpose: Equatable, CustomStringConvertible {
        /// An EFI system partition: FAT, where firmware looks for a loader.
        case efiSystem
        /// FAT, by an MBR's type byte.
        case fat
        /// Data without a file system: a payload, if the partition is active.
        case data
        /// Something that is checked only if its content is recognized.
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

    /// Its place in the table, from 1.
    let number: Int
    let purpose: Purpose
    let isActive: Bool
    /// Its own identifier in a GPT.
    let guid: GUID?
    let sectors: SectorRange
    /// The type in the table, and its place on the disk.
    let typeField: (text: String, offset: UInt64)

    var name: String { "partition \(number)" }
}
