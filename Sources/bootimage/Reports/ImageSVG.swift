import BootImageKit
import DiskImage
import HostSystem
import SystemPackage

/// The map of a disk as SVG 1.1: a bar for the disk and for each region with parts, and a table.
struct ImageSVG {
    private let title: String
    private let list: RegionList

    private static let width = 960
    private static let margin = 20
    /// Keeps a region of one sector visible.
    private static let minimumBlock = 6
    private static let barHeight = 44
    private static let levelHeight = 100
    private static let rowHeight = 18
    /// For the parts of one region.
    private static let maximumRows = 30
    private static let letterWidth = 7
    private static let head = 50

    init(_ inspection: ImageInspection) {
        let name = inspection.image.lastComponent?.text ?? inspection.image.text
        title = "\(name): \(inspection.kind), \(inspection.map.byteCount)"
        list = RegionList(inspection.map)
    }

    var text: String {
        let rows = Self.shortened(list.rows)
        let tableTop = Self.head + list.levels.count * Self.levelHeight + 10
        let height = tableTop + rows.count * Self.rowHeight + Self.margin
        let size = "width=\"\(Self.width)\" height=\"\(height)\""
        let start = """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" \(size) viewBox="0 0 \(Self.width) \(height)"
                font-family="sans-serif" font-size="12">
            <title>\(title.xmlEscaped)</title>
            <rect \(size) fill="#ffffff"/>
            <text x="\(Self.margin)" y="30" font-size="16">\(title.xmlEscaped)</text>
            """
        let levels = list.levels.enumerated().flatMap { index, level in
            drawn(level, top: Self.head + index * Self.levelHeight)
        }
        return ([start] + levels + table(rows, top: tableTop) + ["</svg>", ""])
            .joined(separator: "\n")
    }

    private func drawn(_ level: RegionList.Level, top: Int) -> [String] {
        let name = level.title.xmlEscaped
        let bar = DiskBar(
            level.rows.map(\.region), width: Self.width - 2 * Self.margin,
            minimum: Self.minimumBlock)
        return ["<text x=\"\(Self.margin)\" y=\"\(top + 16)\">\(name)</text>"]
            + bar.blocks.flatMap { block($0, of: level, top: top + 24) }
    }

    private func block(_ block: DiskBar.Block, of level: RegionList.Level, top: Int) -> [String] {
        let rows = level.rows[block.regions]
        guard let first = rows.first, let last = rows.last else { return [] }
        let name = rows.count == 1 ? first.region.name : "\(rows.count) regions"
        let sectors = "\(first.region.sectors.start)–\(last.region.sectors.last)"
        let (x, width) = (Self.margin + block.columns.lowerBound, block.columns.count)
        let rectangle = """
            <rect x="\(x)" y="\(top)" width="\(width)" height="\(Self.barHeight)" \
            fill="\(rows.color.web)" stroke="#ffffff">\
            <title>\("\(name), sectors \(sectors)".xmlEscaped)</title></rect>
            """
        // The whole name if it fits, else its first part.
        let labels = [name, String(name.prefix { $0 != "," })]
        guard let label = labels.first(where: { Self.letterWidth * ($0.count + 1) <= width })
        else { return [rectangle] }
        let center = "x=\"\(x + width / 2)\" y=\"\(top + 27)\" text-anchor=\"middle\""
        return [rectangle, "<text \(center)>\(label.xmlEscaped)</text>"]
    }

    private func table(_ rows: [TableRow], top: Int) -> [String] {
        let columns = [Self.margin + 24, Self.margin + 124, Self.margin + 224, Self.margin + 354]
        let head = zip(columns, ["first sector", "sectors", "bytes", "what"]).map { x, word in
            "<g font-weight=\"bold\">\(Self.cell(x, top, word))</g>"
        }
        return head
            + rows.enumerated().flatMap { index, row in
                let y = top + (index + 1) * Self.rowHeight
                let x = columns[3] + 16 * row.depth
                guard let region = row.region else {
                    return [Self.cell(x, y, "… \(row.omittedCount) more")]
                }
                let swatch = """
                    <rect x="\(Self.margin)" y="\(y - 11)" width="14" height="12" \
                    fill="\(region.kind.color.web)"/>
                    """
                let numbers = [
                    region.sectors.start.value, region.sectors.count.value, region.byteCount,
                ]
                return [swatch] + zip(columns, numbers).map { Self.cell($0, y, "\($1)") }
                    + [Self.cell(x, y, region.name)]
            }
    }

    /// A region in the table, or the number of omitted ones.
    private struct TableRow {
        let depth: Int
        let region: DiskRegion?
        var omittedCount = 0
    }

    /// The list with the first parts of each region.
    private static func shortened(_ rows: [RegionList.Row]) -> [TableRow] {
        var table: [TableRow] = []
        // The number of rows at each depth since the region around them started.
        var counts: [Int] = []
        func endLevels(below depth: Int) {
            while counts.count > depth {
                let omitted = counts.removeLast() - maximumRows
                if omitted > 0 {
                    table.append(TableRow(depth: counts.count, region: nil, omittedCount: omitted))
                }
            }
        }
        for row in rows {
            endLevels(below: row.depth + 1)
            while counts.count <= row.depth { counts.append(0) }
            counts[row.depth] += 1
            if counts.allSatisfy({ $0 <= maximumRows }) {
                table.append(TableRow(depth: row.depth, region: row.region))
            }
        }
        endLevels(below: 0)
        return table
    }

    private static func cell(_ x: Int, _ y: Int, _ text: String) -> String {
        "<text x=\"\(x)\" y=\"\(y)\">\(text.xmlEscaped)</text>"
    }
}

extension String {
    /// The text in XML 1.0, which has no control characters and no noncharacters (§2.2).
    var xmlEscaped: String {
        Console.oneLine(self).unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "\u{FFFE}", "\u{FFFF}": "\u{FFFD}"
            default: String(scalar)
            }
        }.joined()
    }
}

extension ImageInspection {
    /// Writes the map of the disk as SVG; never over the image.
    func writeSVG(to output: FilePath) throws {
        let descriptor = try InspectionError.open(image)
        defer { try? descriptor.close() }
        try ImageWriter(inputs: [ImageInput(descriptor, path: image)])
            .write(.bytes(Array(ImageSVG(self).text.utf8)), to: output)
    }
}
