import Foundation
import Glibc

/// Commands that are measured in turn, so that a machine that becomes slower does so for all.
struct Race {
    let commands: [Command]
    /// How often each is run, after once that does not count.
    let rounds: Int
    /// Whether a run writes so much that what comes after it would wait for the disk.
    var writesMuch = false

    /// A time waited, and one of processors, in ms; or the quotients of those.
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

    /// Gives every run the same start: no outputs, and no bytes left to be written by earlier ones.
    private func prepare() {
        commands.forEach { $0.removeOutputs() }
        if writesMuch { sync() }
    }
}

/// What the runs of one command took, in their order.
struct Samples {
    /// Whether the fastest run stands for all, not the middle one.
    ///
    /// Where gigabytes are written, a virtual machine's host adds seconds to some runs: it gives
    /// back slowly what memory it had taken. Nothing makes a run faster than it is.
    let countsFastest: Bool
    fileprivate(set) var wall: [Double] = []
    fileprivate(set) var cpu: [Double] = []

    /// The times that stand for all runs.
    var times: Race.Times {
        Race.Times(wall: typical(wall), cpu: typical(cpu))
    }

    /// How many times as long it takes as another, compared round by round.
    func ratio(to other: Self) -> Race.Times {
        if countsFastest {
            return Race.Times(
                wall: times.wall / other.times.wall, cpu: times.cpu / other.times.cpu)
        }
        return Race.Times(
            wall: typical(zip(wall, other.wall).map { $0 / $1 }),
            cpu: typical(zip(cpu, other.cpu).map { $0 / $1 }))
    }

    /// How many ms more it takes than another, compared round by round.
    func difference(from other: Self) -> Double {
        typical(zip(wall, other.wall).map { $0 - $1 })
    }

    private func typical(_ values: [Double]) -> Double {
        precondition(!values.isEmpty, "no samples")
        return values.sorted()[countsFastest ? 0 : values.count / 2]
    }
}
