import ELFKit
import SystemPackage

/// What will be booted, how often and for how long: a pure value.
struct TestPlan: Equatable, Sendable {
    /// One kernel or image on one firmware.
    struct Boot: Equatable, Sendable {
        /// What reports call it, without its firmware.
        var name: String
        var file: FilePath
        var firmware: Firmware
        var architecture: Architecture
    }

    /// One part of the boots, so that several machines share them.
    struct Shard: Equatable, Sendable {
        /// From 1 to ``count``.
        var number: Int
        var count: Int
    }

    var boots: [Boot]
    /// Most guests that run at a time.
    var jobs: Int
    /// How often a boot that fails is tried once more.
    var retries: Int
    /// How long a guest may take.
    var limit: Duration
    var expectation: Expectation
    /// nil: what is usual on a boot's architecture.
    var success: SuccessStatus?

    /// A file, and all that it is booted on.
    struct Candidate: Equatable, Sendable {
        var file: FilePath
        var firmwares: [Firmware]
        /// The usual one first.
        var architectures: [Architecture]

        /// Each architecture with those of the firmwares that it has; all, if it has none of
        /// them, so that this is told.
        fileprivate var machines: [(firmware: Firmware, architecture: Architecture)] {
            let all = architectures.flatMap { architecture in
                firmwares.map { (firmware: $0, architecture: architecture) }
            }
            let possible = all.filter { $0.architecture.firmwares.contains($0.firmware) }
            return possible.isEmpty ? all : possible
        }
    }

    /// The boots of a shard; each belongs to one.
    static func boots(
        of files: [Candidate], shard: Shard?
    ) throws(Failure) -> [Boot] {
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
                throw Failure(
                    .usage, "\(entry.file) and another file would become the same image")
            }
            let isAmbiguous = files.contains {
                $0.file != entry.file && shortName($0.file) == shortName(entry.file)
            }
            let name = isAmbiguous ? entry.file.string : shortName(entry.file)
            boots += entry.machines.map { firmware, architecture in
                let isUsual = architecture == entry.architectures[0]
                return Boot(
                    name: isUsual ? name : "\(name)-\(architecture)", file: entry.file,
                    firmware: firmware, architecture: architecture)
            }
        }
        guard let shard else { return boots }
        return boots.enumerated().filter { $0.offset % shard.count == shard.number - 1 }
            .map(\.element)
    }

    /// The file's name without `.elf` or `.img`.
    private static func shortName(_ file: FilePath) -> String {
        guard let component = file.lastComponent else { return file.string }
        return ["elf", "img"].contains(component.extension) ? component.stem : component.string
    }
}

/// Which of QEMU's exit statuses stands for success.
struct SuccessStatus: Equatable, Sendable {
    /// What `isa-debug-exit` makes of 0x10; where semihosting gives a guest any status, 0.
    static func usual(on architecture: Architecture) -> SuccessStatus {
        switch architecture {
        case .x86_64: SuccessStatus(status: 33, includesReset: false)
        case .aarch64: SuccessStatus(status: 0, includesReset: false)
        }
    }

    let status: Int32
    /// Whether a reset counts that ends QEMU with it, as it does with 0.
    let includesReset: Bool
}

extension TestPlan.Shard {
    /// Reads `I/N`.
    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]),
            (1...10_000).contains(count), (1...count).contains(number)
        else { return nil }
        (self.number, self.count) = (number, count)
    }
}
