import ArgumentParser
import Foundation

/// Measures the release executable, compared with other tools and with the targets.
@main
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure builds, start-up, inspection and boots. Run it in the project's folder."
    )

    @Argument(help: "Executable to measure, stripped.")
    var tool: String

    @Option(help: "Another executable to compare with.")
    var base: String?

    @Option(help: "Write all results and targets to this file as JSON.")
    var json: String?

    @Option(help: "Measure only this part: build, start, look, files, reflink or boot. Repeatable.")
    var only: [Part] = []

    @Flag(help: "Omit the 1 GiB RAM disk.")
    var short = false

    /// A group of measurements.
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case build, start, look, files, reflink, boot
    }

    func run() throws {
        let tools = try tools()
        let json = json.map(absolute)
        let project = currentFolder
        let folder = try WorkFolder(under: "\(project)/.build/benchmark")
        defer { folder.remove() }
        var report = Report(labels: tools.map(\.label))
        try measure(tools, project, &report)
        if tools.count > 1 {
            report.printComparison()
        } else {
            report.printTargets()
        }
        if let json { try report.write(to: json) }
    }

    private func measure(
        _ tools: [(label: String, path: String)], _ project: String, _ report: inout Report
    ) throws {
        let sources = "\(project)/Fixtures/benchmark"
        let loader = "\(project)/Bootloader/Prebuilt/BOOTX64.EFI"
        try benchmark.run("clang", "-O2", "-static", "\(sources)/ideal.c", "-o", "ideal")
        try benchmark.run("cp", loader, "BOOTX64.EFI")
        let workloads = try Workload.all(isShort: short)
        guard let small = workloads.first, let large = workloads.last else { return }
        for part in only.isEmpty ? Part.allCases : only {
            switch part {
            case .build:
                try BuildBenchmark(tools: tools, loader: "BOOTX64.EFI", workloads: workloads)
                    .run(&report)
            case .start: try StartBenchmark(tools: tools, kernel: small.kernel).run(&report)
            case .look: try ReadingBenchmark(tools: tools, workload: large).run(&report)
            case .files: try FilesBenchmark(tools: tools, kernel: small.kernel).run(&report)
            case .reflink: try ReflinkBenchmark(tools: tools, workload: large).run(&report)
            case .boot:
                try LoaderSizes(folder: "\(project)/Bootloader/Prebuilt").run(&report)
                try BootBenchmark(tools: tools, sources: sources).run(&report)
            }
        }
    }

    private func tools() throws -> [(label: String, path: String)] {
        let tools = [("bootimage", tool)] + (base.map { [("base", $0)] } ?? [])
        return try tools.map { label, path in
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw ValidationError("\(path): not executable")
            }
            return (label, absolute(path))
        }
    }
}

/// The folders for the benchmark's files: one on the disk, which becomes the current folder, and
/// one in memory.
private struct WorkFolder {
    private let path: String

    init(under path: String) throws {
        self.path = path
        let files = FileManager.default
        let memory = BuildBenchmark.memory.folder
        for folder in [path, "\(path)/bin", "\(path)/out/copies", "\(memory)/copies"] {
            try? files.removeItem(atPath: folder)
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        guard files.changeCurrentDirectoryPath(path) else {
            throw BenchmarkError("\(path): cannot be entered")
        }
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.removeItem(atPath: BuildBenchmark.memory.folder)
    }
}

/// The current folder.
var currentFolder: String { FileManager.default.currentDirectoryPath }

private func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).path
}
