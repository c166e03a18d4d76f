import ArgumentParser
import BootImageKit
import DiskImage
import HostSystem
import SystemPackage

/// `bootimage verify`: checks whether an image is sound.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check whether a disk image is sound, and list its contents.",
        discussion: """
            Checks partition tables, FAT volumes, loaders and payload, of images of any tool, \
            and the signatures of UEFI loaders, with openssl. \
            Exit status: 0 if the image is sound, 65 if not.
            """)

    @Argument(help: "A raw disk image.", completion: .file(), transform: FilePath.init(text:))
    var image: FilePath

    @Option(
        name: .customLong("cert"),
        help: ArgumentHelp(
            "Require that the UEFI loaders are signed with this certificate's key, or by a "
                + "certificate that it issued; PEM or DER. Repeatable: one of them must match.",
            valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var certificates: [FilePath] = []

    @Flag(
        help: """
            Also mount the FAT volumes in Linux, through libguestfs, and compare every file; takes \
            about 10 seconds.
            """)
    var guestfs = false

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() throws {
        let report = try verified()
        try Console.print(json ? JSON.text(report) : report.text)
        if !report.verification.isSound {
            throw ExitCode(Failure.Status.badInput.rawValue)
        }
    }

    private func verified() throws -> ImageReport {
        let descriptor = try InspectionError.open(image)
        defer { try? descriptor.close() }
        var report = try ImageReport(
            verifying: descriptor, named: image, certificates: certificates)
        if guestfs {
            try report.addSecondOpinion(reading: descriptor, report: Console.guestFSProgress())
        }
        return report
    }
}
