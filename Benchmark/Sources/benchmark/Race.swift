import Foundation
import Glibc

/// Commands measured in turn, so a machine that slows down slows all of them.
struct Race {
    let commands: [Command]
    /// The number of rounds, after one that does not count.
    let rounds: Int
    /// Whether a run writes so much that the next one would wait for the disk.
    var writesMuch = false

    /// Wall and CPU time in ms, or ratios of them.
    struct Times {
        let wall: Double
        let cpu: Double
    }

    /// The samples of each command, by label.
    func run() throws -> [String: Samples] {
        let none = Samples(countsFastest: writesMuch)
        var samples: [String: Samples] = [:]
        for round in 0...rounds {
            // Each command comes after each other one.
            for index in commands.indices {
                let command = commands[(index + round) % commands.count]
                prepare()
                let usage = try command.run()
                if round == 0 { continue }
                samples[command.label, default: none].wall.append(usage.wall)
                samples[command.label, default: none].cpu.append(usage.cpu)
            }
        }
        commands.forEach { $0.removeOutputs() }
        return samples
    }

    /// Prepares a run: removes its outputs and flushes pending writes.
    private func prepare() {
        commands.forEach { $0.removeOutputs() }
        if writesMuch { sync() }
    }
}

/// The measurements of one command, in the order of its runs.
struct Samples {
    /// Whether the fastest run counts instead of the median.
    ///
    /// With gigabytes of output, a virtual machine's host adds seconds to some runs while it
    /// returns memory. Nothing makes a run faster than it really is.
    let countsFastest: Bool
    fileprivate(set) var wall: [Double] = []
    fileprivate(set) var cpu: [Double] = []

    /// The representative times.
    var times: Race.Times {
        Race.Times(wall: typical(wall), cpu: typical(cpu))
    }

    /// The ratio of its times to another command's, compared round by round.
    func ratio(to other: Self) -> Race.Times {
        if countsFastest {
            return Race.Times(
                wall: times.wall / other.times.wall, cpu: times.cpu / other.times.cpu)
        }
        return Race.Times(
            wall: typical(zip(wall, other.wall).map { $0 / $1 }),
            cpu: typical(zip(cpu, other.cpu).map { $0 / $1 }))
    }

    /// The difference to another command's times in ms, compared round by round.
    func difference(from other: Self) -> Double {
        typical(zip(wall, other.wall).map { $0 - $1 })
    }

    private func typical(_ values: [Double]) -> Double {
        precondition(!values.isEmpty, "no samples")
        return values.sorted()[countsFastest ? 0 : values.count / 2]
    }
}
