/// Text in sections and columns.
enum TextTable {
    /// Sections with an empty line between them, without empty ones; names cannot break a line.
    static func sections(_ sections: [[String]]) -> String {
        sections.filter { !$0.isEmpty }
            .map { $0.map(Console.oneLine).joined(separator: "\n") }.joined(separator: "\n\n")
    }

    /// Rows in columns of even width, indented; each row has as many cells as the first.
    static func lines(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            let line = "  " + cells.joined(separator: "  ")
            return String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)])
        }
    }
}
