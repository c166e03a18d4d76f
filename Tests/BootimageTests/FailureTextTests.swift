import ArgumentParser
import SystemPackage
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit
@testable import GuestKit
@testable import HostSystem
@testable import Settings
@testable import bootimage

/// The executable's text and exit status for the library's errors.
struct FailureTextTests {
    static let plans: [(error: PlanError, words: String)] = [
        (.severalImages, "--output needs exactly one --firmware"),
        (.severalFormats, "--output needs exactly one --format"),
        (
            .noBIOS(.bios, kernel: "k", .aarch64),
            "--firmware bios boots on BIOS, and k is for AArch64, which has no BIOS"
        ),
        (.noBIOS(.hybrid, kernel: "k", .aarch64), "--firmware hybrid boots on BIOS, too"),
        (.noBIOS(.disc, kernel: "k", .aarch64), "--format iso boots on BIOS, too"),
        (.twoKernels("a", "b", .x86_64), "a and b are both for x86-64"),
        (.sectorSizeNeedsUEFI(.bytes4096), "--sector-size 4096 needs --firmware uefi"),
        (.noESP(.fat(.fat16)), "--esp-fat 16 needs an image with an EFI system partition"),
        (.noESP(.size(.mebibytes(64))), "--esp-size 64MiB"),
        (.noESP(.label("DATA")), "--volume-label DATA"),
        (.noESP(.partitions), "[[partition]] in bootimage.toml"),
        (.noFileSystem(.files), "--file needs an image with a file system"),
        (.noFileSystem(.directories), "--directory needs"),
        (.noFileSystem(.directoriesTable), "[directories] in bootimage.toml needs"),
        (.badName("a/b"), "--name “a/b” is not a file name"),
        (.badSourceDateEpoch("today"), "SOURCE_DATE_EPOCH is “today”"),
        (
            .reservedName(ExtraFile(destination: "ramdisk", source: "f"), .files),
            "--file ramdisk=f: this name is reserved for the loader"
        ),
        (
            .reservedName(ExtraFile(destination: "ramdisk", source: "f"), .filesTable),
            "[files] in bootimage.toml: ramdisk=f: this name is reserved for the loader"
        ),
        (
            .outputOutsideManifest("out/m", output: "a.img", suggestion: "m"),
            "--manifest out/m: a.img is outside its folder; write the manifest to m"
        ),
    ]

    @Test(arguments: plans.indices)
    func `contradictory options are usage errors that name the option`(_ index: Int) {
        let failure = Failure(Self.plans[index].error)
        #expect(failure.status == .usage)
        #expect(failure.message.hasPrefix(Self.plans[index].words), "\(failure.message)")
    }

    /// One error of each type that a command may throw.
    static let thrown: [(error: any Error, status: Failure.Status)] = [
        (Failure(.timedOut, "late"), .timedOut), (SettingsError.unreadable("s"), .missingInput),
        (PlanError.severalImages, .usage), (BuildError.plan(.severalImages), .usage),
        (InspectionError.notAFile("i"), .badInput),
        (WriteError.outputNotAFile(path: "w"), .cannotCreateOutput),
        (FileError.notAFile("f"), .cannotCreateOutput),
        (ProgramError.notFound("p"), .missingTool),
        (KeyError.exists("k"), .cannotCreateOutput),
        (MachineError.noIDE(.q35, use: .ahci), .usage),
        (GuestError.programNotFound("qemu"), .missingTool),
        (WatchedRun.Problem.pictureMissed("p"), .inputOutput),
    ]

    @Test(arguments: thrown.indices)
    func `a command's error of each type becomes a line and a status`(_ index: Int) throws {
        let failure = try #require(Failure(ofCommand: Self.thrown[index].error))
        #expect(failure.status == Self.thrown[index].status && !failure.message.isEmpty)
    }

    @Test func `ArgumentParser reports its own errors`() {
        #expect(Failure(ofCommand: ExitCode(1)) == nil)
        #expect(Failure(ofCommand: ValidationError("no")) == nil)
    }

    static let failures: [(error: BuildError, failure: Failure)] = [
        (
            .program(.notFound("qemu-img"), .format(.vdi)),
            Failure(
                .missingTool,
                "qemu-img is not on PATH, and --format vdi requires it; install it: apt install "
                    + "qemu-utils")
        ),
        (
            .program(.failed("/bin/xz", .signal(9), output: "a\nb\n"), .compression(.xz)),
            Failure(.inputOutput, "/bin/xz was ended by signal 9: a; b")
        ),
        (
            .program(.interrupted("/bin/xz", by: 2), .compression(.xz)),
            Failure(
                .interrupted, "/bin/xz was stopped because this command received signal 2")
        ),
        (
            .program(.timedOut("/bin/openssl", limit: .seconds(120)), .signing),
            Failure(.timedOut, "/bin/openssl did not end within 120 s")
        ),
        (
            .input("r", .unreadable(.noSuchFileOrDirectory)),
            Failure(.missingInput, "r: cannot be read: No such file or directory")
        ),
        (
            .input("r", .readFailed(.ioError)),
            Failure(.inputOutput, "r: cannot be read: Input/output error")
        ),
        (
            .input("r", .notAFile),
            Failure(.badInput, "r: is a folder, a device or a pipe; specify a file")
        ),
        (
            .file(.failed(.create, "d", .permissionDenied)),
            Failure(.cannotCreateOutput, "d: cannot be written: Permission denied")
        ),
    ]

    @Test(arguments: failures.indices)
    func `errors have a text and an exit status`(_ index: Int) {
        #expect(Failure(Self.failures[index].error) == Self.failures[index].failure)
    }
}
