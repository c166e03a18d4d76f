import ArgumentParser

/// What a guest runs on; the same for every command that boots one.
struct MachineOptions: ParsableArguments {
    @Option(help: "The guest's memory: 64M, 2G; the default is 256M.")
    var memory: MemorySize?

    @Option(help: "How many processors the guest has; the default is 1.")
    var cpus: Int?

    @Option(help: "QEMU's machine: q35, or pc, which is older; the default is q35.")
    var machine: MachineShape.Chipset?

    @Option(
        help: "What the disk hangs on: ahci, ide (with --machine pc), nvme, virtio or usb.")
    var disk: MachineShape.Disk?

    @Flag(
        inversion: .prefixedNo,
        help: "Forget what the guest writes to its disk, or keep it in the image.")
    var snapshot = true

    func validate() throws {
        if let cpus, !(1...255).contains(cpus) {
            throw ValidationError("--cpus is \(cpus); it must be 1…255")
        }
    }

    /// What these options say.
    var request: MachineRequest {
        MachineRequest(
            memory: memory, processorCount: cpus, chipset: machine, disk: disk,
            keepsWrites: !snapshot)
    }
}
