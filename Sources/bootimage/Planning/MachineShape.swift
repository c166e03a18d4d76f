import ArgumentParser
import DiskImage

/// The machine that a guest runs on, as far as that is the user's choice.
struct MachineShape: Equatable, Sendable {
    /// QEMU's machine types.
    enum Chipset: String, CaseIterable, ExpressibleByArgument, Sendable {
        case q35
        case pc
    }

    /// What the disk hangs on.
    enum Disk: String, CaseIterable, ExpressibleByArgument, Sendable {
        case ahci, ide, nvme, virtio, usb
    }

    var memory: MemorySize
    var processorCount: Int
    var chipset: Chipset
    var disk: Disk
    /// The length of the disk's sectors.
    var sectorSize: SectorSize
    /// Whether what the guest writes stays in the image.
    var keepsWrites: Bool

    /// Decides what was not said, by what was.
    init(
        _ request: MachineRequest = MachineRequest(), sectorSize: SectorSize = .bytes512
    ) throws(Failure) {
        memory = request.memory ?? .usual
        processorCount = request.processorCount ?? 1
        // QEMU's ATA disks, on either controller, have sectors of 512 bytes alone.
        disk = request.disk ?? (sectorSize == .bytes512 ? .ahci : .nvme)
        chipset = request.chipset ?? (disk == .ide ? .pc : .q35)
        self.sectorSize = sectorSize
        keepsWrites = request.keepsWrites
        if disk == .ide, chipset == .q35 {
            throw Failure(
                .usage, "--disk ide needs --machine pc: q35 has no IDE controller; or use ahci")
        }
        if sectorSize == .bytes4096, [.ide, .ahci].contains(disk) {
            throw Failure(
                .usage,
                "--disk \(disk.rawValue) has sectors of 512 bytes alone; for 4096 use nvme, "
                    + "virtio or usb")
        }
    }
}

/// What was said of a machine; nil where nothing was.
struct MachineRequest: Equatable, Sendable {
    var memory: MemorySize?
    var processorCount: Int?
    var chipset: MachineShape.Chipset?
    var disk: MachineShape.Disk?
    var keepsWrites = false
}

/// An amount of memory as QEMU takes it: `256M`, `2G`.
struct MemorySize: Equatable, Sendable, ExpressibleByArgument {
    static let usual = MemorySize(text: "256M")

    let text: String

    private init(text: String) { self.text = text }

    /// Reads a whole number of MiB or GiB, at most 1 TiB; without a letter it counts MiB.
    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0 else { return nil }
        switch argument.dropFirst(digits.count).uppercased() {
        case "", "M", "MIB": if number > 1 << 20 { return nil } else { text = "\(number)M" }
        case "G", "GIB": if number > 1 << 10 { return nil } else { text = "\(number)G" }
        default: return nil
        }
    }
}
