import Foundation

/// Checks that the cost of files grows linearly with their number.
struct FilesBenchmark {
    let tools: [(label: String, path: String)]
    let kernel: String

    private static let counts = [1_000, 10_000]

    func run(_ report: inout Report) throws {
        report.section("a folder of files on the ESP", "wall", "peak")
        var commands: [Command] = []
        for count in Self.counts {
            let folder = "files.\(count)"
            for group in 0..<(count / 100) {
                let path = "\(folder)/group \(group)"
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: true)
                for file in 0..<100 {
                    try Data("\(group) \(file)\n".utf8)
                        .write(to: URL(fileURLWithPath: "\(path)/file number \(file).text"))
                }
            }
            commands += tools.map { tool in
                Command(
                    label: "\(tool.label), \(count)",
                    arguments: [
                        tool.path, "build", "--quiet", "--firmware", "uefi", kernel,
                        "--directory", "/=\(folder)", "-o", "files.img",
                    ], outputs: ["files.img"])
            }
        }
        let samples = try Race(commands: commands, rounds: 7).run()
        for command in commands {
            guard let own = samples[command.label]?.times.wall else { continue }
            let peak = try command.peak()
            report.add("files", command.label, [own, peak], .milliseconds, .mebibytes)
            if command.label == "\(tools[0].label), \(Self.counts[1])" {
                report.add(Target("peak memory, 10,000 files", peak, atMost: 16, .mebibytes))
            }
        }
        commands.forEach { $0.removeOutputs() }
        let own = Self.counts.compactMap { samples["\(tools[0].label), \($0)"] }
        guard own.count == 2 else { return }
        report.add(
            Target(
                "10,000 files ÷ 10 times 1,000", own[1].ratio(to: own[0]).wall / 10, atMost: 1.2,
                .ratio))
    }
}
