import ArgumentParser
import BootImageKit
import DiskImage
import ELFKit
import GuestKit
import HostSystem
import Settings
import SystemPackage

/// `bootimage test`: boots kernels and judges them.
struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Boot kernels in QEMU, several at a time, and report which pass.",
        discussion: """
            A kernel passes if it writes 0x10 to port 0xF4, which ends QEMU with status 33, and \
            none of the tests that it reports on the serial line (as KTAP) failed. Exit status: 0 \
            if all pass, 1 if not. Arguments after -- go to QEMU.
            """)

    @Argument(
        help: "Kernels or images (default: tests or kernel of bootimage.toml, built first).",
        completion: .file(), transform: FilePath.init(text:))
    var files: [FilePath] = []

    @Option(
        help: "Boot on bios or uefi; repeatable (default: each that a file supports).")
    var firmware: [Firmware] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Run <n> guests at a time (default: one per CPU).", valueName: "n"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp("Stop a guest after <seconds> (default 300).", valueName: "seconds"))
    var timeout: Double?

    @Option(
        help: ArgumentHelp(
            "Require success, panic, reset or exit=N of every kernel.", valueName: "outcome"))
    var expect: ExpectedOutcome = .success

    @Option(help: ArgumentHelp("Retry a failing kernel up to <n> times.", valueName: "n"))
    var retries = 0

    @Option(
        help: ArgumentHelp(
            "Run shard I of N, to share the boots among N machines.", valueName: "i/n"),
        transform: Self.parseShard)
    var shard: TestPlan.Shard?

    @Option(
        help: ArgumentHelp("Write the results as JUnit XML.", valueName: "file"),
        completion: .file(),
        transform: FilePath.init(text:))
    var junit: FilePath?

    @Option(
        help: ArgumentHelp("Write the results as a Markdown table.", valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var summary: FilePath?

    @Flag(help: "Print the results as TAP version 14.")
    var tap = false

    @Flag(help: "Print the results as one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp("Write each guest's serial output to a folder.", valueName: "folder"),
        completion: .directory, transform: FilePath.init(text:))
    var logs: FilePath?

    @Flag(help: "Print each boot and QEMU's command line; write and start nothing.")
    var dryRun = false

    @OptionGroup(title: "Machine") var machine: MachineOptions

    @OptionGroup(title: "Content") var content: ContentOptions

    @Option(
        parsing: .remaining,
        help: "Pass everything that follows to QEMU; -- does the same.")
    var qemuArguments: [String] = []

    /// Replaces the terminator in the command line by `--qemu-arguments`: ArgumentParser does not
    /// separate arguments after a terminator from a list of arguments before it.
    static func spellingOutTerminator(_ words: [String]) -> [String] {
        guard words.first == configuration.commandName,
            let terminator = words.firstIndex(of: "--")
        else { return words }
        var words = words
        words[terminator] = "--qemu-arguments"
        return words
    }

    func validate() throws {
        if !firmware.isEmpty, machine.board != nil {
            throw ValidationError("use either --firmware or --board")
        }
        if tap, json { throw ValidationError("use either --tap or --json") }
        if dryRun, tap || json {
            throw ValidationError("--dry-run prints no results; omit --tap and --json")
        }
        if let jobs, !(1...1000).contains(jobs) {
            throw ValidationError("--jobs \(jobs): must be between 1 and 1000")
        }
        if !(0...100).contains(retries) {
            throw ValidationError("--retries \(retries): must be between 0 and 100")
        }
        if let timeout, !(timeout > 0 && timeout <= 1_000_000) {
            throw ValidationError(
                "--timeout \(timeout): must be greater than 0 and at most 1000000")
        }
    }

    func run() throws {
        let settings = try Settings.load(file: content.config)
        let files = try files.isEmpty ? KernelBuilder.runForTests(settings) : files
        let selected = content.bootProtocol ?? settings.bootProtocol
        let isDirect = machine.isDirect(settings)
        let probe = { (path: FilePath) in
            try BootFile.probe(path, as: selected, isDirect: isDirect)
        }
        let probed = try files.map { (path: $0, file: try probe($0)) }
        let plan = try plan(probed, settings)
        let runs = try plan.boots.map { boot in
            try RunPlan(
                probed.first { $0.path == boot.file }?.file ?? probe(boot.file),
                request(for: boot), settings)
        }
        let hosts = try runs.map(RunHost.check)
        if dryRun {
            let commands = zip(runs, hosts).map { run, host in run.command(on: host) }
            return try Console.print(TestText.plan(plan, commands))
        }
        let junit = try self.junit.map(TestOutput.prepare(_:))
        let summary = try self.summary.map(TestOutput.prepare(_:))
        try logs.map(TestOutput.prepare(folder:))
        let results = try results(of: plan, runs, hosts)
        if let junit {
            try TestOutput.write(JUnitReport().text(results), to: junit)
        }
        if let summary {
            try TestOutput.write(MarkdownReport().text(results), to: summary)
        }
        if tap { try Console.print(TAPReport().text(results)) }
        if json { try Console.print(TestJSON().text(results)) }
        if !tap, !json {
            try Console.print(TestText.count(results, hasColors: Console.hasColors))
        }
        if let signal = results.interrupt { throw ExitCode(128 + signal) }
        if !results.allSatisfy(\.isPass) { throw ExitCode(1) }
    }

    private func request(for boot: TestPlan.Boot) -> RunPlan.Request {
        var options = content.options(for: boot.file, keys: machine.secureBootKeys)
        if case .board(let board) = boot.starter { options.board = board }
        return RunPlan.Request(
            build: options, firmware: boot.starter.firmware, machine: machine.request,
            architecture: boot.architecture,
            isTest: true, isHeadless: true, isDirect: machine.direct,
            observation: .everything,
            addsExitDevices: true, extra: qemuArguments)
    }

    private func plan(
        _ files: [(path: FilePath, file: BootFile)], _ settings: Settings
    ) throws(Failure) -> TestPlan {
        let chosen = settings.architecture(for: machine.request)
        let entries = files.map { path, file in
            let (starters, architectures) = file.machines(settings)
            let defaults = machine.secureBoot ? [.firmware(.uefi)] : starters
            let board = machine.board ?? (firmware.isEmpty ? file.board(settings.board) : nil)
            let chosenStarters = firmware.isEmpty ? defaults : firmware.map(Starter.firmware)
            return TestPlan.Candidate(
                file: path,
                starters: board.map { [.board($0)] } ?? chosenStarters,
                architectures: chosen.map { [$0] } ?? architectures)
        }
        return TestPlan(
            boots: try TestPlan.boots(of: entries, shard: shard),
            jobs: jobs ?? TestRunner.processorCount, retries: retries,
            limit: .seconds(timeout ?? Double(settings.number(.testTimeout) ?? 300)),
            expectation: expect, success: settings.number(.testSuccessExitCode).map(Int32.init))
    }

    private func results(
        of plan: TestPlan, _ runs: [RunPlan], _ hosts: [RunHost]
    ) throws -> [TestResult] {
        // Made before the first guest starts, so that no guest waits and no line breaks the table.
        let fileSystems = FileSystems(report: Console.guestFSProgress())
        for run in runs {
            try fileSystems.prepare(run.build?.partitions ?? [])
        }
        var table = LiveTable(
            plan, isTerminal: Console.isTerminal, hasColors: Console.hasColors)
        let isQuiet = tap || json
        var runner = TestRunner(plan) { index in
            do { return .ready(try runs[index].prepare(for: hosts[index], fileSystems)) } catch {
                guard let failure = Failure(ofCommand: error) else { throw error }
                if let signal = failure.status.signal { return .interrupted(by: signal) }
                // A bad kernel is a verdict; a missing tool or a full disk is not.
                guard failure.status == .badInput else { throw error }
                return .refused(failure.message)
            }
        } record: { index in
            try logs.map { folder throws(Failure) in
                try TestOutput.openRecord(of: plan.boots[index], in: folder)
            }
        } report: { event in
            if case .finished(_, let result) = event, let errno = result.evidence.recordProblem {
                let title = TestText.title(result.boot)
                Console.warning("\(title): its log cannot be written: \(errno); the guest goes on")
            }
            if !isQuiet { try table.take(event) }
        }
        return try runner.run()
    }

    private static func parseShard(_ argument: String) throws -> TestPlan.Shard {
        guard let shard = TestPlan.Shard(argument: argument) else {
            throw ValidationError("“\(argument)” is not I/N with 1 ≤ I ≤ N")
        }
        return shard
    }
}

extension BootFile {
    /// What to boot with, and on which architectures; settings decide for a kernel.
    fileprivate func machines(
        _ settings: Settings
    ) -> (starters: [Starter], architectures: [Architecture]) {
        switch self {
        case .image(let image):
            (image.kind.firmwares.map(Starter.firmware), image.architectures)
        case .direct(let kernel): ([.direct], [kernel.architecture])
        case .kernel(let architecture):
            (
                (settings.imageKind?.firmwares ?? architecture.firmwares).map(Starter.firmware),
                [architecture]
            )
        }
    }
}
