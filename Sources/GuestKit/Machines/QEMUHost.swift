package import DiskImage
package import SystemPackage

import ELFKit
import HostSystem

/// What this machine has for a guest: QEMU, firmware, an accelerator that works, a display.
package struct QEMUHost: Equatable, Sendable {
    /// How guest instructions are executed.
    package enum Accelerator: String, Sendable {
        case kvm
        case tcg
    }

    package var executable: FilePath
    /// UEFI firmware; nil boots the machine's BIOS.
    package var uefi: UEFIFirmware?
    package var accelerator: Accelerator
    package var hasDisplay: Bool
    /// Files among the firmware descriptors that are none.
    package var unreadableDescriptors: [FilePath]

    package init(
        executable: FilePath, uefi: UEFIFirmware? = nil, accelerator: Accelerator,
        hasDisplay: Bool, unreadableDescriptors: [FilePath] = []
    ) {
        (self.executable, self.uefi) = (executable, uefi)
        (self.accelerator, self.hasDisplay) = (accelerator, hasDisplay)
        self.unreadableDescriptors = unreadableDescriptors
    }

    /// Finds what a machine needs to boot on that firmware.
    package static func find(for machine: Machine, _ firmware: Firmware) throws(GuestError) -> Self
    {
        let architecture = machine.chipset.architecture
        let program: Program
        do throws(ProgramError) {
            program = try Program(architecture.platform.executable)
        } catch {
            throw .program(error)
        }
        var uefi: UEFIFirmware?
        var unreadable: [FilePath] = []
        if firmware == .uefi {
            let kind: UEFIFirmware.Kind = machine.enforcesSecureBoot ? .secureBoot : .plain
            let catalog = FirmwareCatalog()
            guard let offer = catalog.find(kind, for: machine.chipset) else {
                throw .noFirmware(kind, architecture, folders: catalog.folders)
            }
            uefi = offer.firmware
            unreadable = catalog.unreadable
        }
        return Self(
            executable: program.path, uefi: uefi,
            accelerator: architecture == .host && KVM.works ? .kvm : .tcg,
            hasDisplay: Environment["DISPLAY"] != nil || Environment["WAYLAND_DISPLAY"] != nil,
            unreadableDescriptors: unreadable)
    }
}
