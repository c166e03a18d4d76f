import ELFKit
import ELFVerdict
import Foundation
import SystemPackage
import Testing

@testable import ELFSamples

/// Some mutants that one process loads, and the folder for its results.
struct MutantBatch: Codable, Sendable {
    let numbers: Range<UInt64>
    let family: MutantSeed.Family
    let folder: String

    /// The limit of processor time in seconds, far more than a batch needs even with a sanitizer.
    private static let secondsLimit: rlim_t = 120

    /// Loads all of them in this process.
    func run() throws {
        try #require(FileManager.default.changeCurrentDirectoryPath(folder))
        Self.endHang()
        let (file, position) = (try Self.create("mutant"), try Self.create("number"))
        var report = MutantReport()
        for number in numbers {
            // Truncating and closing a file would wait for the disk, so it is overwritten.
            _ = try position.writeAll(toAbsoluteOffset: 0, "\(number)".utf8)
            let mutant = Mutant(number: number, of: family)
            try file.resize(to: 0)
            _ = try file.writeAll(toAbsoluteOffset: 0, mutant.file)
            let disagreement =
                family == .plain
                ? report.add(mutant, in: file) : try report.addProtocols(of: mutant, in: file)
            if let disagreement {
                Issue.record("\(disagreement); kept as \(try Self.keep(mutant))")
            }
        }
        try JSONEncoder().encode(report).write(to: URL(filePath: "report"))
    }

    private static func create(_ name: FilePath) throws -> FileDescriptor {
        try .open(name, .readWrite, options: .create, permissions: .ownerReadWrite)
    }

    /// Makes the process exit when it exceeds the limit of processor time.
    private static func endHang() {
        var limit = rlimit(rlim_cur: secondsLimit, rlim_max: secondsLimit + 10)
        setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
        signal(SIGXCPU) { _ in
            mkdir("hung", 0o700)
            _exit(1)
        }
    }

    /// Returns the results, and the number of the next mutant if the process crashed or hung.
    func outcome() throws -> (report: MutantReport, next: UInt64) {
        let files = FileManager.default
        if let report = files.contents(atPath: folder + "/report") {
            return (try JSONDecoder().decode(MutantReport.self, from: report), numbers.upperBound)
        }
        let number = files.contents(atPath: folder + "/number") ?? Data()
        let last = UInt64(String(decoding: number, as: UTF8.self)) ?? numbers.lowerBound
        let isHang = files.fileExists(atPath: folder + "/hung")
        let place = try Self.keep(Mutant(number: last, of: family))
        Issue.record("mutant \(last) ends in a \(isHang ? "hang" : "crash"); kept as \(place)")
        let count = last - numbers.lowerBound + 1
        return (
            MutantReport(count: count, crashes: isHang ? 0 : 1, hangs: isHang ? 1 : 0), last + 1
        )
    }

    /// Saves the mutant in the temporary folder, where it stays after the test.
    private static func keep(_ mutant: Mutant) throws -> String {
        let name = "bootimage-mutant-\(mutant.number).elf"
        let place = FileManager.default.temporaryDirectory.appending(path: name)
        try Data(mutant.file).write(to: place)
        return place.path
    }
}

extension MutantReport {
    /// Loads a mutant and returns a description if ELFVerdict disagrees.
    fileprivate mutating func add(_ mutant: Mutant, in file: FileDescriptor) -> String? {
        count += 1
        let verdict = Verdict(on: mutant.file)
        let found: String
        do throws(ELFError) {
            let kernel = try KernelELF.load(from: file, named: "mutant")
            loadedCount += 1
            let relocations = kernel.relocations.flatMap(\.counts.values).reduce(0, +)
            found = "loaded with \(kernel.segments.count) segments, \(relocations) relocations"
            let isSame =
                kernel.segments.count == verdict.segmentCount
                && relocations == verdict.relocationCount
            if verdict.brokenRules.isEmpty, isSame { return nil }
        } catch {
            refusals[error.problem.rule.rawValue, default: 0] += 1
            if verdict.brokenRules.contains(error.problem.rule.rawValue),
                error.isOneLine
            {
                return nil
            }
            found = "refused: \(error)"
        }
        disagreements += 1
        let rules = verdict.brokenRules.sorted().joined(separator: " ")
        return "mutant \(mutant.number) of \(mutant.seed.name): \(found); breaks [\(rules)], has "
            + "\(verdict.segmentCount) segments, \(verdict.relocationCount) relocations"
    }
}

extension MutantReport {
    /// Inspects and loads a mutant and returns a description if ProtocolVerdict disagrees.
    fileprivate mutating func addProtocols(
        of mutant: Mutant, in file: FileDescriptor
    ) throws -> String? {
        count += 1
        let verdict = ProtocolVerdict(on: mutant.file)
        let inspection = try KernelELF.inspect(file, named: "mutant")
        var problem: ELFError.Problem?
        do throws(ELFError) {
            _ = try KernelELF.load(from: file, named: "mutant")
            loadedCount += 1
        } catch {
            problem = error.problem
            refusals[error.problem.rule.rawValue, default: 0] += 1
        }
        let first = inspection.findings.first { $0.rule.severity == .error }
        let protocols = inspection.protocols
        guard protocols.selected.rawValue == verdict.selected, protocols.lines == verdict.lines,
            problem?.rule == first?.rule, inspection.isLoadable == (problem == nil)
        else {
            disagreements += 1
            return "mutant \(mutant.number) of \(mutant.seed.name): \(protocols.selected), "
                + "\(protocols.lines), refused by \(problem.map { "\($0)" } ?? "nothing"); must be "
                + "\(verdict.selected), \(verdict.lines), \(first.map { "\($0)" } ?? "nothing")"
        }
        return nil
    }
}

extension KernelProtocols {
    /// What the kernel asks for, as ProtocolVerdict describes it.
    fileprivate var lines: [String] {
        let requests = (limine?.requests ?? []).map { request in
            let words = request.identifier.map { "\($0)" }.joined(separator: " ")
            return (request.place, "request \(request.place.address): \(words) \(request.revision)")
        }
        let tags = (limine?.baseRevisions ?? []).map { ($0.place, "base revision \($0.number)") }
        let limine = (requests + tags).sorted {
            ($0.0.address, $0.0.offset) < ($1.0.address, $1.0.offset)
        }
        return limine.map(\.1)
            + (multiboot2?.tags ?? []).map { "tag \($0.type) \($0.flags) \($0.byteCount)" }
            + (multiboot.map { ["flags \($0.flags)"] } ?? [])
            + (image.map { ["image \($0.textOffset) \($0.imageByteCount) \($0.flags)"] } ?? [])
    }
}
