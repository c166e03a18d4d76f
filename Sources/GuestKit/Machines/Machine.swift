package import DiskImage
package import ELFKit

/// The machine that QEMU emulates for a guest.
package struct Machine: Equatable, Sendable {
    /// QEMU's machine types.
    package enum Chipset: String, CaseIterable, Sendable {
        case q35
        case pc
        case virt

        package var architecture: Architecture { self == .virt ? .aarch64 : .x86_64 }

        /// Whether system management mode protects the firmware's variables from the guest.
        package var hasManagementMode: Bool { self == .q35 }
    }

    /// The controller of the disk to boot from, or a CD drive.
    package enum Disk: String, CaseIterable, Sendable {
        case ahci, ide, nvme, virtio, usb, cdrom
    }

    package var memory: MemorySize
    package var processorCount: Int
    package var chipset: Chipset
    package var disk: Disk
    /// The disk's logical sectors.
    package var sectorSize: SectorSize
    /// Whether the guest's writes stay in the image.
    package var keepsWrites: Bool
    /// Whether the firmware starts only what is signed.
    package var enforcesSecureBoot: Bool

    /// Infers unset fields from the others, for a guest that runs on any of these architectures.
    ///
    /// - Parameter architectures: The default one first; not empty.
    package init(
        _ request: MachineRequest = MachineRequest(), sectorSize: SectorSize = .bytes512,
        for architectures: [Architecture] = [.x86_64]
    ) throws(MachineError) {
        let standard = architectures[0].defaultChipset
        memory = request.memory ?? .standard
        processorCount = request.processorCount ?? 1
        // QEMU's ATA disks support sectors of 512 bytes only.
        chipset =
            request.chipset ?? (request.disk == .ide && standard == .q35 ? .pc : standard)
        disk = request.disk ?? (sectorSize == .bytes512 ? chipset.architecture.defaultDisk : .nvme)
        self.sectorSize = sectorSize
        keepsWrites = request.keepsWrites
        enforcesSecureBoot = request.enforcesSecureBoot
        guard architectures.contains(chipset.architecture) else {
            throw .wrongArchitecture(chipset, guest: architectures[0], use: standard)
        }
        if enforcesSecureBoot, chipset == .pc { throw .secureBootNeedsManagementMode(disk) }
        if disk == .ide, chipset != .pc {
            throw .noIDE(chipset, use: chipset.architecture.defaultDisk)
        }
        if [.ahci, .cdrom].contains(disk), chipset == .virt { throw .notBootable(disk, chipset) }
        if sectorSize == .bytes4096, [.ide, .ahci, .cdrom].contains(disk) {
            throw .sectorSize(sectorSize, disk)
        }
    }
}

/// What the user asked of a machine; nil where nothing was.
package struct MachineRequest: Equatable, Sendable {
    package var memory: MemorySize?
    package var processorCount: Int?
    package var chipset: Machine.Chipset?
    package var disk: Machine.Disk?
    package var keepsWrites: Bool
    package var enforcesSecureBoot: Bool

    package init(
        memory: MemorySize? = nil, processorCount: Int? = nil, chipset: Machine.Chipset? = nil,
        disk: Machine.Disk? = nil, keepsWrites: Bool = false, enforcesSecureBoot: Bool = false
    ) {
        (self.memory, self.processorCount) = (memory, processorCount)
        (self.chipset, self.disk) = (chipset, disk)
        (self.keepsWrites, self.enforcesSecureBoot) = (keepsWrites, enforcesSecureBoot)
    }
}

/// Why there is no such machine.
package enum MachineError: Error, Equatable, Sendable {
    case wrongArchitecture(Machine.Chipset, guest: Architecture, use: Machine.Chipset)
    case secureBootNeedsManagementMode(Machine.Disk)
    case noIDE(Machine.Chipset, use: Machine.Disk)
    /// The machine's firmware does not boot from it.
    case notBootable(Machine.Disk, Machine.Chipset)
    case sectorSize(SectorSize, Machine.Disk)
}

/// An amount of memory as QEMU's `-m` takes it: `256M`, `2G`.
package struct MemorySize: Equatable, Sendable {
    package static let standard = MemorySize(text: "256M")

    package let text: String

    private init(text: String) { self.text = text }

    /// Parses a whole number of MiB or GiB, at most 1 TiB; without a unit it is MiB.
    package init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0 else { return nil }
        switch argument.dropFirst(digits.count).uppercased() {
        case "", "M", "MIB": if number > 1 << 20 { return nil } else { text = "\(number)M" }
        case "G", "GIB": if number > 1 << 10 { return nil } else { text = "\(number)G" }
        default: return nil
        }
    }
}

extension Architecture {
    fileprivate var defaultChipset: Machine.Chipset {
        switch self {
        case .x86_64: .q35
        case .aarch64: .virt
        }
    }

    fileprivate var defaultDisk: Machine.Disk {
        switch self {
        case .x86_64: .ahci
        case .aarch64: .virtio
        }
    }
}
