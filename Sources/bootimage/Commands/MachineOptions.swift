import ArgumentParser
import BootImageKit
import GuestKit
import SystemPackage

/// What a guest runs on; the same for every command that boots one.
struct MachineOptions: ParsableArguments {
    @Option(help: "The guest's memory: 64M, 2G; the default is 256M.")
    var memory: MemorySize?

    @Option(help: "How many processors the guest has; the default is 1.")
    var cpus: Int?

    @Option(help: "QEMU's machine: q35, or pc, which is older; virt for AArch64.")
    var machine: Machine.Chipset?

    @Option(
        help: "What the disk hangs on: ahci, ide (with --machine pc), nvme, virtio or usb.")
    var disk: Machine.Disk?

    @Flag(
        inversion: .prefixedNo,
        help: "Forget what the guest writes to its disk, or keep it in the image.")
    var snapshot = true

    @Flag(
        help: """
            Boot on UEFI firmware that starts only what is signed, with the keys of --keys \
            enrolled; a kernel's image is signed with them.
            """)
    var secureBoot = false

    @Option(
        help: """
            The folder of keys that bootimage keys new has made, for --secure-boot; the default is \
            secure-boot-keys.
            """,
        completion: .directory, transform: FilePath.init(_:))
    var keys: FilePath?

    /// The keys of --secure-boot, if that is given.
    var secureBootKeys: KeyFolder? {
        secureBoot ? keys.map(KeyFolder.init(path:)) ?? .standard : nil
    }

    func validate() throws {
        if keys != nil, !secureBoot { throw ValidationError("--keys is for --secure-boot") }
        if let cpus, !(1...255).contains(cpus) {
            throw ValidationError("--cpus is \(cpus); it must be 1…255")
        }
    }

    /// What these options say.
    var request: MachineRequest {
        MachineRequest(
            memory: memory, processorCount: cpus, chipset: machine, disk: disk,
            keepsWrites: !snapshot, enforcesSecureBoot: secureBoot)
    }
}
