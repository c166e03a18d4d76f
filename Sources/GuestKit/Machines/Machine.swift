public import DiskImage
public import ELFKit

/// The machine that QEMU emulates for a guest.
///
/// The initializer makes only machines that can boot an image: it checks the combination of
/// chipset, disk and sector size.
public struct Machine: Equatable, Sendable {
    /// QEMU's machine types.
    public enum Chipset: String, CaseIterable, Sendable {
        /// x86-64 with PCI Express and AHCI.
        case q35
        /// An older x86-64 PC, with IDE.
        case pc
        /// AArch64.
        case virt
        /// Raspberry Pi 3: QEMU starts its kernel itself.
        case raspi3b
        /// Raspberry Pi 4: the same, since QEMU 9.0.
        case raspi4b

        /// The machines whose firmware starts a loader.
        package static let withFirmware: [Self] = [.q35, .pc, .virt]

        /// The architecture of its processors.
        public var architecture: Architecture {
            switch self {
            case .q35, .pc: .x86_64
            case .virt, .raspi3b, .raspi4b: .aarch64
            }
        }

        /// The physical address at which memory starts.
        package var memoryStart: UInt64 { self == .virt ? 0x4000_0000 : 0 }

        /// Whether system management mode protects the firmware's variables from the guest.
        public var hasManagementMode: Bool { self == .q35 }
    }

    /// How the boot disk is attached; `cdrom` is a CD drive, `sd` a board's card.
    public enum Disk: String, CaseIterable, Sendable {
        case ahci, ide, nvme, virtio, usb, cdrom, sd

        /// The disks that firmware starts a loader from.
        package static let withFirmware = allCases.filter { $0 != .sd }
    }

    /// The guest's memory; 256 MiB by default; a board has its own.
    public var memory: MemorySize
    /// The number of processors; 1 by default; a board has its own.
    public var processorCount: Int
    /// QEMU's machine type; by default q35, or virt for AArch64.
    public var chipset: Chipset
    /// The boot disk's controller; by default AHCI, or virtio on virt.
    public var disk: Disk
    /// The size of the disk's logical sectors.
    public var sectorSize: SectorSize
    /// Whether the guest's writes reach the image; otherwise they are lost when QEMU ends.
    public var keepsWrites: Bool
    /// Whether the firmware starts signed programs only.
    public var enforcesSecureBoot: Bool

    /// Infers unset fields from the others, for a guest that runs on any of these architectures.
    ///
    /// - Parameters:
    ///   - request: The fields that are set.
    ///   - sectorSize: The logical sectors for which the image was built.
    ///   - architectures: The default one first; not empty.
    /// - Throws: ``MachineError`` if no machine has this combination.
    public init(
        _ request: MachineRequest = MachineRequest(), sectorSize: SectorSize = .bytes512,
        for architectures: [Architecture] = [.x86_64]
    ) throws(MachineError) {
        let standard = architectures[0].platform.chipset
        // QEMU's ATA disks support sectors of 512 bytes only.
        chipset = request.chipset ?? (request.disk == .ide && standard == .q35 ? .pc : standard)
        let platform = chipset.platform
        memory = request.memory ?? platform.board?.memory ?? .standard
        processorCount = request.processorCount ?? platform.board?.processorCount ?? 1
        disk = request.disk ?? (sectorSize == .bytes512 ? platform.disk : .nvme)
        self.sectorSize = sectorSize
        keepsWrites = request.keepsWrites
        enforcesSecureBoot = request.enforcesSecureBoot
        guard architectures.contains(chipset.architecture) else {
            throw .wrongArchitecture(chipset, guest: architectures[0], use: standard)
        }
        if enforcesSecureBoot, chipset == .pc { throw .secureBootNeedsManagementMode(disk) }
        if let board = platform.board {
            guard memory == board.memory, processorCount == board.processorCount, disk == .sd else {
                throw .fixedByBoard(
                    chipset, memory: board.memory, processorCount: board.processorCount)
            }
        }
        if disk == .ide, chipset != .pc { throw .noIDE(chipset, use: platform.disk) }
        if disk == .sd, platform.board == nil { throw .notBootable(disk, chipset) }
        if [.ahci, .cdrom].contains(disk), chipset == .virt { throw .notBootable(disk, chipset) }
        if sectorSize == .bytes4096, [.ide, .ahci, .cdrom].contains(disk) {
            throw .sectorSize(sectorSize, disk)
        }
    }
}

/// The fields of a machine that are set; nil selects the default.
public struct MachineRequest: Equatable, Sendable {
    /// The guest's memory.
    public var memory: MemorySize?
    /// The number of processors.
    public var processorCount: Int?
    /// QEMU's machine type.
    public var chipset: Machine.Chipset?
    /// The boot disk's controller.
    public var disk: Machine.Disk?
    /// Whether the guest's writes reach the image.
    public var keepsWrites: Bool
    /// Whether the firmware starts signed programs only.
    public var enforcesSecureBoot: Bool

    /// Creates a request; without arguments, for the default machine.
    public init(
        memory: MemorySize? = nil, processorCount: Int? = nil, chipset: Machine.Chipset? = nil,
        disk: Machine.Disk? = nil, keepsWrites: Bool = false, enforcesSecureBoot: Bool = false
    ) {
        (self.memory, self.processorCount) = (memory, processorCount)
        (self.chipset, self.disk) = (chipset, disk)
        (self.keepsWrites, self.enforcesSecureBoot) = (keepsWrites, enforcesSecureBoot)
    }
}

/// Why a machine is not possible.
public enum MachineError: Error, Equatable, Sendable {
    /// The guest does not run on that chipset; `use` is one that it runs on.
    case wrongArchitecture(Machine.Chipset, guest: Architecture, use: Machine.Chipset)
    /// Secure Boot needs q35 or virt: pc cannot protect the firmware's variables.
    case secureBootNeedsManagementMode(Machine.Disk)
    /// The chipset has no IDE controller; `use` is one that it has.
    case noIDE(Machine.Chipset, use: Machine.Disk)
    /// The chipset's firmware does not boot from such a disk.
    case notBootable(Machine.Disk, Machine.Chipset)
    /// A board has that memory, so many processors and a card.
    case fixedByBoard(Machine.Chipset, memory: MemorySize, processorCount: Int)
    /// The controller does not support sectors of that size.
    case sectorSize(SectorSize, Machine.Disk)
}

/// An amount of memory.
public struct MemorySize: Equatable, Sendable {
    /// 256 MiB.
    public static let standard = MemorySize(text: "256M")

    /// The memory of boards.
    static let oneGibibyte = MemorySize(text: "1G")
    static let twoGibibytes = MemorySize(text: "2G")

    /// The amount as QEMU's `-m` takes it: `256M`, `2G`.
    public let text: String

    private init(text: String) { self.text = text }

    /// The amount in bytes.
    package var byteCount: UInt64 {
        (UInt64(text.dropLast()) ?? 0) << (text.hasSuffix("G") ? 30 : 20)
    }

    /// Parses a whole number of MiB or GiB, at most 1 TiB: `64M`, `2G`; the unit defaults to MiB.
    public init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0 else { return nil }
        switch argument.dropFirst(digits.count).uppercased() {
        case "", "M", "MIB": if number > 1 << 20 { return nil } else { text = "\(number)M" }
        case "G", "GIB": if number > 1 << 10 { return nil } else { text = "\(number)G" }
        default: return nil
        }
    }
}
