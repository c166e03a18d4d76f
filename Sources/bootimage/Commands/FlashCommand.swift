import ArgumentParser
import BootImageKit
import DiskImage
import FlashKit
import HostSystem
import SystemPackage

/// `bootimage flash`: writes an image to a USB stick.
struct FlashCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flash",
        abstract: "Write an image to a USB stick or another disk, and read it back.",
        discussion: """
            Without DEVICE, list the disks. Disks that are in use or not removable are refused, \
            and the name of the device must be typed before it is overwritten. The first sectors \
            are written last, and the backup GPT goes to the end of the device. Exit status: 0 if \
            the device holds the image, 73 if the device is refused, 74 if writing failed.
            """)

    @Argument(help: "Raw disk image.", completion: .file(), transform: FilePath.init(text:))
    var image: FilePath?

    @Argument(
        help: "Whole disk, such as /dev/sdb.", completion: .file(),
        transform: FilePath.init(text:))
    var device: FilePath?

    @Flag(help: "Accept a disk that is not removable.")
    var allowFixedDisk = false

    @Option(
        help: ArgumentHelp(
            "Do not ask: confirm by the device's serial number; for a loop device, by the path of "
                + "its file.", valueName: "serial"))
    var yes: String?

    @Flag(help: "Print what would be written; write nothing.")
    var dryRun = false

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() throws {
        let image = try image.map(Self.open)
        guard let image, let device else { return try list(for: image) }
        let flasher: Flasher
        do throws(FlashRefusal) {
            flasher = try Flasher(image, to: device, allowsFixedDisk: allowFixedDisk)
        } catch {
            throw error.failure(device)
        }
        var report = FlashReport(flasher: flasher)
        if !dryRun {
            try FlashConsent.check(flasher.device, serial: yes) {
                FlashConsent.ask(for: flasher.device, image: image)
            }
            report.time = try write(flasher)
        }
        try Console.print(json ? report.json : report.text)
    }

    /// Opens an image; refuses one with faults.
    private static func open(_ path: FilePath) throws -> FlashImage {
        let descriptor = try InspectionError.open(path)
        let version = try FlashImage.Version(of: descriptor, path: path)
        let report = try ImageReport(verifying: descriptor, named: path)
        let errors = report.verification.findings.filter { $0.rule.severity == .error }
        if let error = errors.first {
            let more = errors.count > 1 ? ", and \(errors.count - 1) more" : ""
            throw Failure(
                .badInput,
                "\(path): not sound: \(error) [\(error.rule)]\(more); see bootimage verify; "
                    + "nothing was written")
        }
        return try FlashImage(
            descriptor, path: path, sectorSize: report.verification.sectorSize, version: version)
    }

    /// Returns how long it took.
    private func write(_ flasher: Flasher) throws -> Duration {
        let start = ContinuousClock.now
        do throws(FlashSupervisor.Problem) {
            defer { Console.erase() }
            var progress = FlashProgress(flasher.plan)
            try flasher.write([FlashWriterCommand.name]) { event in
                guard case .progress(let step, let done) = event,
                    let line = progress.line(step, done, at: .now - start)
                else { return }
                Console.draw(line)
            }
        } catch {
            Console.error(flasher.message(error))
            throw ExitCode(error.exitStatus)
        }
        return .now - start
    }

    /// With an image but no device, as from a script with an empty variable, it must not report
    /// success.
    private func list(for image: FlashImage?) throws {
        let demands = FlashRefusal.Demands(image: image?.facts, allowsFixedDisk: allowFixedDisk)
        let candidates = FlashCandidates(DeviceTree().disks(), demands)
        try Console.print(json ? candidates.json : candidates.text)
        if image != nil {
            throw Failure(.usage, "no device specified; nothing was written")
        }
    }
}

/// The process that `flash` starts to write: descriptor 0 is the device, 3 the image, and standard
/// output reports the progress.
struct FlashWriterCommand: ParsableCommand {
    static let name = "flash-writer"
    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Write for flash.", shouldDisplay: false)

    @Argument(help: "Size of the image's sectors.")
    var sectorSize: SectorSize

    func run() {
        FlashWriterProcess.run(
            device: .standardInput, image: FileDescriptor(rawValue: 3), events: .standardOutput,
            sectorSize: sectorSize)
    }
}
