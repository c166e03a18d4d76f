import Foundation

/// Builds on a file system with shared blocks: XFS on a loop device.
struct ReflinkBenchmark {
    let tools: [(label: String, path: String)]
    let workload: Workload

    func run(_ report: inout Report) throws {
        report.section("build where blocks can be shared, XFS", "wall", "CPU", "wall ÷ cp")
        let name = "both images, \(workload.name), XFS, ÷ cp"
        do {
            try mounted { folder in
                try race(in: folder, name, &report)
            }
        } catch let error as MountError {
            report.add(Target(name, nil, atMost: 0.1, .ratio, remark: error.reason))
        }
    }

    private struct MountError: Error {
        let reason: String
    }

    private func mounted(_ body: (String) throws -> Void) throws {
        let folder = "reflink"
        defer { try? FileManager.default.removeItem(atPath: "reflink.img") }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try benchmark.run("truncate", "-s", "6G", "reflink.img")
            try benchmark.run("mkfs.xfs", "-q", "-m", "reflink=1", "reflink.img")
            try benchmark.run("mount", "-o", "loop", "reflink.img", folder)
        } catch {
            throw MountError(reason: "no XFS can be mounted here")
        }
        defer { try? benchmark.run("umount", folder) }
        try body(folder)
    }

    private func race(in folder: String, _ name: String, _ report: inout Report) throws {
        for path in workload.files { try benchmark.run("cp", path, "\(folder)/\(path)") }
        try benchmark.run("mkdir", "\(folder)/copies")
        let inside = Workload(
            name: workload.name, kernel: "\(folder)/\(workload.kernel)",
            ramdisk: workload.ramdisk.map { "\(folder)/\($0)" }, byteCount: workload.byteCount,
            rounds: workload.rounds)
        let contenders = Contenders(workload: inside, tools: tools, folder: folder, loader: "")
        let commands = contenders.small.filter { command in
            command.label == "cp" || tools.contains { $0.label == command.label }
        }
        let samples = try Race(commands: commands, rounds: 5, writesMuch: workload.isLarge).run()
        guard let copy = samples["cp"] else { return }
        for command in commands {
            guard let own = samples[command.label] else { continue }
            report.add(
                workload.name, command.label,
                [own.times.wall, own.times.cpu, own.ratio(to: copy).wall],
                .milliseconds, .milliseconds, .ratio)
        }
        let own = samples[tools[0].label]?.ratio(to: copy).wall
        report.add(Target(name, own, atMost: 0.1, .ratio))
    }
}
