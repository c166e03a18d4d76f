import Foundation

/// The results: printed as they come, and kept for the JSON file.
struct Report {
    /// The measured executables: the tool, and the one of `--base`.
    let labels: [String]
    private var columns: [String] = []
    private(set) var figures: [Figure] = []
    private(set) var targets: [Target] = []

    init(labels: [String]) { self.labels = labels }

    /// Starts a group of results with these columns.
    mutating func section(_ title: String, _ columns: String...) {
        self.columns = columns
        line("\n" + title, columns)
    }

    /// Prints and keeps the results of one contender, one per column; `nil` means not measured.
    mutating func add(_ name: String, _ contender: String, _ values: [Double?], _ unit: Unit...) {
        let units = unit.count == 1 ? values.map { _ in unit[0] } : unit
        let cells = zip(values, units).map { value, unit in value.map(unit.text) ?? "–" }
        line(contender.isEmpty ? name : "\(name): \(contender)", cells)
        for (column, (value, unit)) in zip(columns, zip(values, units)) {
            guard let value else { continue }
            figures.append(
                Figure(
                    name: name, contender: contender, metric: column, value: value, unit: unit))
        }
    }

    /// Keeps a target for the table at the end.
    mutating func add(_ target: Target) { targets.append(target) }

    /// Prints all targets with their results.
    func printTargets() {
        line("\ntargets", ["measured", "at most"])
        for target in targets {
            let value = target.value.map(target.unit.text) ?? "–"
            line(
                target.name, [value, target.unit.text(target.limit)],
                "  " + target.verdict + (target.remark.map { " (\($0))" } ?? ""))
        }
        let short = targets.filter { $0.verdict == "short" }.count
        let unknown = targets.filter { $0.value == nil }.count
        line("\n\(targets.count) targets: \(short) short, \(unknown) not measured", [])
    }

    /// Prints the results of both executables and their ratios.
    func printComparison() {
        line("\ncompared", [labels[0], labels[1], "ratio"])
        for figure in figures where figure.isOf(labels[0]) {
            let other = labels[1] + figure.contender.dropFirst(labels[0].count)
            let base = figures.first {
                $0.name == figure.name && $0.metric == figure.metric && $0.contender == other
            }
            guard let base else { continue }
            let part = figure.contender.dropFirst(labels[0].count)
            line(
                "\(figure.name)\(part): \(figure.metric)",
                [
                    figure.unit.text(figure.value), base.unit.text(base.value),
                    Unit.ratio.text(figure.value / base.value),
                ])
        }
    }

    /// Writes all of it.
    func write(to path: String) throws {
        struct Content: Encodable {
            let figures: [Figure]
            let targets: [Target]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(Content(figures: figures, targets: targets))
            .write(to: URL(fileURLWithPath: path))
    }

    private func line(_ title: String, _ cells: [String], _ end: String = "") {
        let width = 46
        let space = String(repeating: " ", count: max(1, width - title.count))
        let text = title + space + cells.map { padded($0) }.joined() + end + "\n"
        // Not buffered: a person watches, or a log is read of a run that was ended.
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private func padded(_ cell: String) -> String {
        String(repeating: " ", count: max(1, 13 - cell.count)) + cell
    }
}

extension Figure {
    /// Whether it is of the contender with that label, or of one part of it.
    fileprivate func isOf(_ label: String) -> Bool {
        contender == label || contender.hasPrefix(label + ",")
    }
}
