import BootImageKit
import DiskImage
import ELFKit
import GuestKit
import HostSystem
import SystemPackage

extension TestPlan {
    /// One part of the boots, so that several machines share them.
    struct Shard: Equatable, Sendable {
        var number: Int
        var count: Int

        /// Parses `I/N`.
        init?(argument: String) {
            let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]),
                (1...10_000).contains(count), (1...count).contains(number)
            else { return nil }
            (self.number, self.count) = (number, count)
        }
    }

    /// A file, and everything that it is booted on.
    struct Candidate: Equatable, Sendable {
        var file: FilePath
        var starters: [Starter]
        /// The default one first.
        var architectures: [Architecture]

        /// Each architecture with those of the starters that it has; all of them if it has none,
        /// so that the boot is refused with a reason.
        fileprivate var machines: [(starter: Starter, architecture: Architecture)] {
            let all = architectures.flatMap { architecture in
                starters.map { (starter: $0, architecture: architecture) }
            }
            let possible = all.filter { machine in
                machine.starter.firmware.map(machine.architecture.firmwares.contains) ?? true
            }
            return possible.isEmpty ? all : possible
        }
    }

    /// Returns the boots of a shard; each boot belongs to exactly one shard.
    static func boots(of files: [Candidate], shard: Shard?) throws(Failure) -> [Boot] {
        var boots: [Boot] = []
        for (index, entry) in files.enumerated() {
            guard !files[..<index].contains(where: { $0.file == entry.file }) else {
                throw Failure(.usage, "\(entry.file) is named twice")
            }
            let isTwin = files[..<index].contains {
                $0.file.removingLastComponent() == entry.file.removingLastComponent()
                    && shortName($0.file) == shortName(entry.file)
            }
            guard !isTwin else {
                throw Failure(.usage, "\(entry.file) and another file would become the same image")
            }
            let isAmbiguous = files.contains {
                $0.file != entry.file && shortName($0.file) == shortName(entry.file)
            }
            let name = isAmbiguous ? entry.file.text : shortName(entry.file)
            boots += entry.machines.map { starter, architecture in
                let isDefault = architecture == entry.architectures[0]
                return Boot(
                    name: isDefault ? name : "\(name)-\(architecture)", file: entry.file,
                    starter: starter, architecture: architecture)
            }
        }
        guard let shard else { return boots }
        return boots.enumerated().filter { $0.offset % shard.count == shard.number - 1 }
            .map(\.element)
    }

    private static func shortName(_ file: FilePath) -> String {
        guard let component = file.lastComponent else { return file.text }
        return ["elf", "img"].contains(component.extension) ? component.stemText : component.text
    }
}
