import ELFKit
import ELFVerdict
import Foundation
import SystemPackage
import Testing

/// Some mutants that one process tries, and the folder in which it leaves what became of them.
struct MutantBatch: Codable, Sendable {
    let numbers: Range<UInt64>
    let folder: String

    /// Far more than a batch needs, even with a sanitizer.
    private static let secondsLimit: rlim_t = 120

    /// Tries all of them in the process that this is.
    func run() throws {
        try #require(FileManager.default.changeCurrentDirectoryPath(folder))
        Self.endHang()
        let (file, position) = (try Self.create("mutant"), try Self.create("number"))
        var report = MutantReport()
        for number in numbers {
            // Overwritten, not made anew: to empty and close a file is to wait for the disk.
            _ = try position.writeAll(toAbsoluteOffset: 0, "\(number)".utf8)
            let mutant = Mutant(number: number)
            try file.resize(to: 0)
            _ = try file.writeAll(toAbsoluteOffset: 0, mutant.file)
            if let disagreement = report.add(mutant, in: file) {
                Issue.record("\(disagreement); kept as \(try Self.keep(mutant))")
            }
        }
        try JSONEncoder().encode(report).write(to: URL(filePath: "report"))
    }

    private static func create(_ name: FilePath) throws -> FileDescriptor {
        try .open(name, .readWrite, options: .create, permissions: .ownerReadWrite)
    }

    /// Lets the process end by itself when its mutants take too much of the processor's time.
    private static func endHang() {
        var limit = rlimit(rlim_cur: secondsLimit, rlim_max: secondsLimit + 10)
        setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
        signal(SIGXCPU) { _ in
            mkdir("hung", 0o700)
            _exit(1)
        }
    }

    /// What became of them, and where a process that did not try all of them came to its end.
    func outcome() throws -> (report: MutantReport, next: UInt64) {
        let files = FileManager.default
        if let report = files.contents(atPath: folder + "/report") {
            return (try JSONDecoder().decode(MutantReport.self, from: report), numbers.upperBound)
        }
        let number = files.contents(atPath: folder + "/number") ?? Data()
        let last = UInt64(String(decoding: number, as: UTF8.self)) ?? numbers.lowerBound
        let isHang = files.fileExists(atPath: folder + "/hung")
        let place = try Self.keep(Mutant(number: last))
        Issue.record("mutant \(last) ends in a \(isHang ? "hang" : "crash"); kept as \(place)")
        let count = last - numbers.lowerBound + 1
        return (
            MutantReport(count: count, crashes: isHang ? 0 : 1, hangs: isHang ? 1 : 0), last + 1
        )
    }

    /// Leaves the mutant where it can be looked at after the test.
    private static func keep(_ mutant: Mutant) throws -> String {
        let name = "bootimage-mutant-\(mutant.number).elf"
        let place = FileManager.default.temporaryDirectory.appending(path: name)
        try Data(mutant.file).write(to: place)
        return place.path
    }
}

extension MutantReport {
    /// Loads a mutant, and tells if the second opinion is another one.
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
                error.isToldInOneLine
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
