import DiskImage

extension DiskRegion.Kind {
    /// One colour for SVG and for terminals, light enough for dark letters.
    struct Color {
        /// For SVG, such as `#87d787`.
        let web: String
        /// The same colour in a terminal's palette of 256.
        let terminal: Int
    }

    var color: Color {
        switch self {
        case .bootSector: Color(web: "#ff8787", terminal: 210)
        case .partitionTable: Color(web: "#ffaf5f", terminal: 215)
        case .partition: Color(web: "#87afff", terminal: 111)
        case .loader: Color(web: "#d787d7", terminal: 176)
        case .fileSystem: Color(web: "#d7af5f", terminal: 179)
        case .folder: Color(web: "#d7d787", terminal: 186)
        case .file: Color(web: "#afd7ff", terminal: 153)
        case .payloadHeader: Color(web: "#d7af87", terminal: 180)
        case .kernel: Color(web: "#87d787", terminal: 114)
        case .ramdisk: Color(web: "#5fd7d7", terminal: 80)
        case .bootConfiguration: Color(web: "#ffff87", terminal: 228)
        case .module: Color(web: "#87d7ff", terminal: 117)
        case .data: Color(web: "#bcbcbc", terminal: 250)
        case .lost: Color(web: "#ff5f5f", terminal: 203)
        case .free: Color(web: "#eeeeee", terminal: 255)
        case .unallocated: Color(web: "#dadada", terminal: 253)
        }
    }

    /// The colour of a block with regions of several kinds.
    fileprivate static let mixed = Color(web: "#b2b2b2", terminal: 249)
}

extension Collection<RegionList.Row> {
    var color: DiskRegion.Kind.Color {
        let kinds = Set(map(\.region.kind))
        guard kinds.count == 1, let kind = kinds.first else { return DiskRegion.Kind.mixed }
        return kind.color
    }
}
