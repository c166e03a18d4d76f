/// The cost of starting the tool, and of starting QEMU through it.
struct StartBenchmark {
    let tools: [(label: String, path: String)]
    let kernel: String

    func run(_ report: inout Report) throws {
        try startUp(&report)
        try untilQEMU(&report)
    }

    private func startUp(_ report: inout Report) throws {
        report.section("start", "wall", "CPU", "M instr.")
        let commands =
            tools.map { Command(label: $0.label, arguments: [$0.path, "--version"]) }
            + [Command(label: "true", arguments: ["/bin/true"])]
        let samples = try Race(commands: commands, rounds: 101).run()
        for command in commands {
            guard let own = samples[command.label] else { continue }
            report.add(
                "start", command.label,
                [own.times.wall, own.times.cpu, try Counters.instructions(command)],
                .milliseconds, .milliseconds, .millions)
        }
        let own = samples[tools[0].label]?.times.wall
        report.add(Target("start-up", own, atMost: 2, .milliseconds))
    }

    /// The whole run of the tool with a stand-in for QEMU that exits at once: for a kernel, which
    /// is built into an image first, and for an image.
    private func untilQEMU(_ report: inout Report) throws {
        report.section("start QEMU", "wall", "more")
        try benchmark.run("cp", "/bin/true", "bin/qemu-system-x86_64")
        try benchmark.run(
            tools[0].path, "build", "--quiet", "--firmware", "bios", kernel, "-o", "run.img")
        let environment = ["PATH": "\(currentFolder)/bin:/usr/bin:/bin"]
        let commands = tools.flatMap { tool in
            [("run an image", ["run", "run.img"]), ("runner", ["runner", kernel])].map {
                Command(
                    label: "\(tool.label), \($0)", arguments: [tool.path] + $1,
                    environment: environment)
            }
        }
        let samples = try Race(commands: commands, rounds: 41).run()
        for tool in tools {
            guard let run = samples["\(tool.label), run an image"],
                let runner = samples["\(tool.label), runner"]
            else { continue }
            let more = runner.difference(from: run)
            report.add("QEMU", "\(tool.label), run an image", [run.times.wall], .milliseconds)
            report.add("QEMU", "\(tool.label), runner", [runner.times.wall, more], .milliseconds)
            guard tool.label == tools[0].label else { continue }
            report.add(
                Target(
                    "runner, 256 KiB, to QEMU's end", runner.times.wall, atMost: 15, .milliseconds))
            report.add(
                Target("runner, more than run of an image", more, atMost: 3, .milliseconds))
        }
    }
}
