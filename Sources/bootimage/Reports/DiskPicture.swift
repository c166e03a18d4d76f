import BootImageKit
import DiskImage
import ELFKit
import HostSystem

/// The disk from first to last sector as bars of letters, and the table that explains the letters.
struct DiskPicture {
    private let list: RegionList
    private let hasColors: Bool

    /// Fits a terminal of 80 columns.
    private static let width = 76
    private static let indentation = "  "

    init(_ map: ImageMap, hasColors: Bool) {
        (list, self.hasColors) = (RegionList(map), hasColors)
    }

    /// A bar for the disk and for each region that contains others, then the table.
    var lines: [String] {
        list.levels.flatMap { [Console.oneLine($0.title), bar(of: $0), ""] } + table
    }

    private func bar(of level: RegionList.Level) -> String {
        let bar = DiskBar(level.rows.map(\.region), width: Self.width)
        let cells = bar.blocks.map { block in
            let rows = level.rows[block.regions]
            let key = rows.count == 1 ? rows.first?.key : nil
            return painted(cell(key ?? "+", block.columns.count), rows.color)
        }
        return Self.indentation + cells.joined()
    }

    /// Repeated letters, or one letter on a coloured background.
    private func cell(_ key: Character, _ count: Int) -> String {
        guard hasColors else { return String(repeating: key, count: count) }
        return String(key) + String(repeating: " ", count: max(count - 1, 0))
    }

    private func painted(_ text: String, _ color: DiskRegion.Kind.Color) -> String {
        hasColors ? "\u{1B}[30;48;5;\(color.terminal)m\(text)\u{1B}[0m" : text
    }

    private var table: [String] {
        let rows = list.rows.map { row in
            [
                String(row.key), "\(row.region.sectors.start)", "\(row.region.sectors.count.value)",
                "\(row.region.byteCount)",
                String(repeating: "  ", count: row.depth) + Console.oneLine(row.region.name)
                    + (row.region.isCut ? " (overlapped by the next region)" : ""),
            ]
        }
        let lines = TextTable.lines([["", "first", "sectors", "bytes", "what"]] + rows)
        guard hasColors else { return lines }
        let head = lines.prefix(1)
        return head
            + zip(lines.dropFirst(), list.rows).map { line, row in
                Self.indentation + painted(String(row.key), row.region.kind.color)
                    + line.dropFirst(Self.indentation.count + 1)
            }
    }
}
