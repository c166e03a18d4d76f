import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit
@testable import GuestKit
@testable import HostSystem

/// A machine with UEFI and a network card alone; QEMU itself serves DHCP and a folder by TFTP.
struct NetworkBoot {
    /// Whose code the machine has for its network card.
    enum CardFirmware {
        /// The firmware's own.
        case uefi
        /// iPXE, from the card's option ROM.
        case iPXE
    }

    /// The folder that is served.
    var root: FilePath
    /// The machine: virt is for AArch64.
    var chipset = GuestKit.Machine.Chipset.q35
    /// What DHCP names, a path in that folder; nil: the machine's loader.
    var bootFile: String?
    var card = CardFirmware.uefi
    /// Keys that are enrolled, and where the file of the firmware's variables is put; nil: firmware
    /// that starts everything.
    var secureBoot: (keys: KeyFolder, variables: FilePath)?
    /// Further arguments for QEMU, which win over those before them.
    var qemu: [String] = []

    /// Boots until the guest ends QEMU by itself.
    ///
    /// One that does not within `seconds` is killed; its exit code is then 124.
    func run(seconds: Int = patience) async throws -> BootResult {
        let command = try command
        return try await BootSlots.shared.run {
            let verdict = try await Tool(name: "timeout")
                .run(["--kill-after=5", "\(seconds)"] + command)
            return BootResult(
                serial: verdict.text.replacing("\r\n", with: "\n"), exitCode: verdict.exitCode)
        }
    }

    private var secureBootArguments: [String] {
        if secureBoot == nil { return [] }
        return [
            "-machine", "smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on",
        ]
    }

    private var firmware: UEFIFirmware {
        get throws {
            guard let (keys, variables) = secureBoot else {
                return try #require(FirmwareCatalog().find(.plain, for: chipset)).firmware
            }
            var firmware = try #require(FirmwareCatalog().find(.secureBoot, for: .q35)).firmware
            try AtomicFile.write(try keys.enrolled(in: firmware.variables), to: variables)
            firmware.variables = variables
            return firmware
        }
    }

    private var command: [String] {
        get throws {
            let architecture = chipset.architecture
            let platform = architecture.platform
            let found = try QEMUHost.find(
                for: GuestKit.Machine(MachineRequest(chipset: chipset), for: [architecture]), .uefi)
            let firmware = try firmware
            let bootFile = bootFile ?? architecture.uefiLoaderName
            var card = "virtio-net-pci,netdev=network,bootindex=0"
            if self.card == .uefi { card += ",romfile=" }
            let machine = ["-machine", chipset.rawValue, "-m", "256M"] + platform.arguments
            let processor = platform.processor.map { ["-cpu", $0] } ?? []
            let devices = [
                "-accel", found.accelerator.rawValue,
                "-drive", "if=pflash,unit=0,readonly=on,format=raw,file=\(firmware.code)",
                "-drive", "if=pflash,unit=1,snapshot=on,format=raw,file=\(firmware.variables)",
                "-nic", "none", "-device", card,
                "-netdev", "user,id=network,restrict=on,tftp=\(root),bootfile=\(bootFile)",
                "-device", "virtio-rng-pci",
                "-serial", "stdio", "-display", "none", "-no-reboot",
            ]
            let endings = platform.exitDevices.flatMap { [$0.option, $0.value] }
            let arguments: [String] = machine + processor + devices + endings
            return [found.executable.string] + arguments + secureBootArguments + qemu
        }
    }
}
