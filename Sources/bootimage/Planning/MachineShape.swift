import DiskImage
import SystemPackage

/// The machine that a guest runs on, as far as that is the user's choice.
struct MachineShape: Equatable, Sendable {
    /// QEMU's machine types.
    enum Chipset: String, CaseIterable, Sendable {
        case q35
        case pc
    }

    /// What the disk hangs on; a CD drive takes a disc's image.
    enum Disk: String, CaseIterable, Sendable {
        case ahci, ide, nvme, virtio, usb, cdrom
    }

    var memory: MemorySize
    var processorCount: Int
    var chipset: Chipset
    var disk: Disk
    /// The length of the disk's sectors.
    var sectorSize: SectorSize
    /// Whether what the guest writes stays in the image.
    var keepsWrites: Bool
    /// The folder of the keys of a machine whose firmware starts only what is signed.
    var secureBootKeys: FilePath?

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
        secureBootKeys = request.secureBootKeys
        if secureBootKeys != nil, chipset == .pc {
            throw Failure(
                .usage,
                "--secure-boot needs --machine q35, whose system management mode guards the keys"
                    + (disk == .ide ? "; --disk ide is for pc, use ahci" : ""))
        }
        if disk == .ide, chipset == .q35 {
            throw Failure(
                .usage, "--disk ide needs --machine pc: q35 has no IDE controller; or use ahci")
        }
        if sectorSize == .bytes4096, [.ide, .ahci, .cdrom].contains(disk) {
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
    var secureBootKeys: FilePath?
}
