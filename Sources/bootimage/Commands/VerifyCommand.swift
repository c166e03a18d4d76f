import ArgumentParser
import BootImageKit
import DiskImage
import HostSystem
import SystemPackage

/// `bootimage verify`: says whether an image is as it should be.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Tell whether a disk image is sound, and what is in it.",
        discussion: """
            Checks partition tables, FAT volumes, the loader and the payload, of any tool's \
            images. Exit status: 0 if the image is sound, 65 if not.
            """)

    @Argument(help: "A raw disk image.", completion: .file(), transform: FilePath.init(_:))
    var image: FilePath

    @Flag(
        help: """
            Also mount the FAT volumes in Linux, through libguestfs, and compare every file; takes \
            about 10 seconds.
            """)
    var guestfs = false

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() throws {
        let report = try ImageVerifier.verify(
            image, guestFS: guestfs ? Console.guestFSProgress() : nil)
        try Console.print(json ? VerificationJSON(report).text : VerificationText(report).text)
        if !report.verification.isSound {
            throw ExitCode(Failure.Status.badInput.rawValue)
        }
    }
}
