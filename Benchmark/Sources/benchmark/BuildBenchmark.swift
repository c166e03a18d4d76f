/// Whole builds, to a disk and to memory.
struct BuildBenchmark {
    let tools: [(label: String, path: String)]
    let loader: String
    let workloads: [Workload]

    /// An output folder with its name in the report.
    struct Place {
        let name: String
        let folder: String
    }

    static let disk = Place(name: "disk", folder: "out")
    static let memory = Place(name: "memory", folder: "/dev/shm/bootimage-benchmark")

    func run(_ report: inout Report) throws {
        for place in [Self.disk, Self.memory] {
            report.section("build, \(place.name)", "wall", "CPU", "wall ÷ cp", "CPU ÷ cp")
            for workload in workloads {
                let contenders = contenders(workload, in: place)
                try workload.isLarge
                    ? large(contenders, place, &report) : small(contenders, place, &report)
            }
        }
        report.section("build, counts", "calls", "processes", "M instr.", "peak")
        for workload in workloads {
            try count(contenders(workload, in: Self.memory), &report)
        }
    }

    private func contenders(_ workload: Workload, in place: Place) -> Contenders {
        Contenders(workload: workload, tools: tools, folder: place.folder, loader: loader)
    }

    /// Prints each contender's medians and returns the samples.
    private func race(
        _ commands: [Command], _ workload: Workload, rounds: Int, _ report: inout Report
    ) throws -> [String: Samples] {
        let race = Race(commands: commands, rounds: rounds, writesMuch: workload.isLarge)
        let samples = try race.run()
        guard let copy = samples["cp"] else { throw BenchmarkError("nothing to compare with") }
        for command in commands {
            guard let own = samples[command.label] else { continue }
            let (times, ratio) = (own.times, own.ratio(to: copy))
            report.add(
                workload.name, command.label, [times.wall, times.cpu, ratio.wall, ratio.cpu],
                .milliseconds, .milliseconds, .ratio, .ratio)
        }
        return samples
    }

    private func small(
        _ contenders: Contenders, _ place: Place, _ report: inout Report
    ) throws {
        let workload = contenders.workload
        let samples = try race(
            contenders.small, workload, rounds: workload.rounds, &report)
        guard workload.byteCount < 1 << 20, let own = samples[tools[0].label],
            let ideal = samples["ideal"]
        else { return }
        let ratio = own.ratio(to: ideal).wall
        let name = "both images, 256 KiB, \(place.name)"
        report.add(Target("\(name), ÷ ideal writer", ratio, atMost: 3, .ratio))
        // Measured once on one machine: the ideal writer's 1.0 ms, and 5.3 for one image.
        report.add(Target("\(name), ÷ rust-osdev's for one", ratio / 5.3, atMost: 1, .ratio))
    }

    private func large(
        _ contenders: Contenders, _ place: Place, _ report: inout Report
    ) throws {
        let workload = contenders.workload
        let samples = try race(contenders.large, workload, rounds: workload.rounds, &report)
        guard let copy = samples["cp"] else { return }
        for firmware in ["BIOS", "UEFI"] {
            guard let own = samples["\(tools[0].label), \(firmware)"] else { continue }
            let name = "\(firmware), \(workload.name), \(place.name)"
            let ratio = own.ratio(to: copy)
            report.add(Target("\(name), wall ÷ cp", ratio.wall, atMost: 1.05, .ratio))
            report.add(Target("\(name), CPU ÷ cp", ratio.cpu, atMost: 1.05, .ratio))
        }
    }

    private func count(_ contenders: Contenders, _ report: inout Report) throws {
        let workload = contenders.workload
        for (index, tool) in tools.enumerated() {
            let command = contenders.small[index]
            let (calls, processes) = try Counters.systemCalls(command)
            let peak = try command.peak()
            // Valgrind slows everything down by the same factor: a gigabyte tells no more.
            let instructions = workload.isLarge ? nil : try Counters.instructions(command)
            report.add(
                workload.name, tool.label, [calls, processes, instructions, peak], .count, .count,
                .millions, .mebibytes)
            command.removeOutputs()
            guard index == 0 else { continue }
            report.add(Target("peak memory, \(workload.name)", peak, atMost: 16, .mebibytes))
            if workload.byteCount < 1 << 20 {
                report.add(Target("system calls, both images, 256 KiB", calls, atMost: 150, .count))
                report.add(Target("processes started by it", processes, atMost: 0, .count))
            }
        }
    }
}
