import ArgumentParser
import BootImageKit
import DiskImage
import GuestKit
import HostSystem
import Settings
import SystemPackage

/// The machine that a guest runs on, for every command that boots one.
struct MachineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Boot on a board, without a loader: raspi3, or with QEMU 9.0 raspi4.",
            valueName: "board"))
    var board: Board?

    @Option(help: ArgumentHelp("Memory: 64M, 2G (default 256M).", valueName: "size"))
    var memory: MemorySize?

    @Option(help: ArgumentHelp("Number of processors (default 1).", valueName: "n"))
    var cpus: Int?

    @Option(help: "QEMU machine: q35 (default), pc, or virt for AArch64.")
    var machine: Machine.Chipset?

    @Option(
        help: """
            Attach the boot disk as ahci (default), ide (with --machine pc), nvme, virtio (default \
            for AArch64), usb or cdrom.
            """)
    var disk: Machine.Disk?

    @Flag(
        inversion: .prefixedNo,
        help: "Discard what the guest writes to its disk, or keep it in the image.")
    var snapshot = true

    @Flag(
        help: """
            Boot UEFI firmware that starts signed programs only, with the keys of --keys \
            enrolled. A kernel's image is signed with them.
            """)
    var secureBoot = false

    @Option(
        help: ArgumentHelp(
            "Keys for --secure-boot, made by bootimage keys new (default secure-boot-keys).",
            valueName: "folder"),
        completion: .directory, transform: FilePath.init(text:))
    var keys: FilePath?

    @Flag(inversion: .prefixedNo, help: Self.directHelp)
    var direct: Bool?

    static let directHelp: ArgumentHelp =
        "Let QEMU start the kernel itself (-kernel), without an image."

    /// Whether QEMU starts a kernel itself.
    func isDirect(_ settings: Settings) -> Bool { direct ?? settings.flag(.direct) }

    /// The keys for --secure-boot, if it is set.
    var secureBootKeys: KeyFolder? {
        secureBoot ? keys.map(KeyFolder.init(path:)) ?? .standard : nil
    }

    func validate() throws {
        if keys != nil, !secureBoot { throw ValidationError("--keys needs --secure-boot") }
        if let cpus, !(1...255).contains(cpus) {
            throw ValidationError("--cpus \(cpus): must be between 1 and 255")
        }
    }

    /// The fields that these options set.
    var request: MachineRequest {
        MachineRequest(
            memory: memory, processorCount: cpus, chipset: machine, disk: disk,
            keepsWrites: !snapshot, enforcesSecureBoot: secureBoot)
    }
}
