import DiskImage
import ELFKit
import SystemPackage

/// The machine that a guest runs on, as far as that is the user's choice.
struct MachineShape: Equatable, Sendable {
    /// QEMU's machine types.
    enum Chipset: String, CaseIterable, Sendable {
        case q35
        case pc
        case virt

        /// What its processors are.
        var architecture: Architecture { self == .virt ? .aarch64 : .x86_64 }

        /// Whether firmware's variables can be guarded from the guest, by system management mode.
        var guardsKeys: Bool { self == .q35 }
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

    /// Decides what was not said, by what was, for a guest that starts on some architectures.
    init(
        _ request: MachineRequest = MachineRequest(), sectorSize: SectorSize = .bytes512,
        for architectures: [Architecture] = [.x86_64]
    ) throws(Failure) {
        let usual = architectures[0].usualMachine
        memory = request.memory ?? .usual
        processorCount = request.processorCount ?? 1
        // QEMU's ATA disks, on either controller, have sectors of 512 bytes alone.
        chipset =
            request.chipset ?? (request.disk == .ide && usual == .q35 ? .pc : usual)
        disk = request.disk ?? (sectorSize == .bytes512 ? chipset.architecture.usualDisk : .nvme)
        self.sectorSize = sectorSize
        keepsWrites = request.keepsWrites
        secureBootKeys = request.secureBootKeys
        guard architectures.contains(chipset.architecture) else {
            throw Failure(
                .usage,
                "--machine \(chipset.rawValue) is for \(chipset.architecture.name), and the guest "
                    + "for \(architectures[0].name): give --machine \(usual.rawValue), or none")
        }
        if secureBootKeys != nil, chipset == .pc {
            throw Failure(
                .usage,
                "--secure-boot needs --machine q35, whose system management mode guards the keys, "
                    + "or virt"
                    + (disk == .ide ? "; --disk ide is for pc, use ahci" : ""))
        }
        if disk == .ide, chipset != .pc {
            throw Failure(
                .usage,
                "--disk ide needs --machine pc: \(chipset.rawValue) has no IDE controller; or use "
                    + "\(chipset.architecture.usualDisk.rawValue)")
        }
        if [.ahci, .cdrom].contains(disk), chipset == .virt {
            throw Failure(
                .usage,
                "--disk \(disk.rawValue) needs --machine q35 or pc: the firmware of virt starts "
                    + "nothing from it; use virtio, nvme or usb")
        }
        if sectorSize == .bytes4096, [.ide, .ahci, .cdrom].contains(disk) {
            throw Failure(
                .usage,
                "--disk \(disk.rawValue) has sectors of 512 bytes alone; for 4096 use nvme, "
                    + "virtio or usb")
        }
    }
}

extension Architecture {
    /// What a guest gets if nobody says anything.
    fileprivate var usualMachine: MachineShape.Chipset {
        switch self {
        case .x86_64: .q35
        case .aarch64: .virt
        }
    }

    fileprivate var usualDisk: MachineShape.Disk {
        switch self {
        case .x86_64: .ahci
        case .aarch64: .virtio
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
