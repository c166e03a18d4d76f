public import DiskImage
public import SystemPackage

import ELFKit
import HostSystem

/// What this computer offers a guest: QEMU, firmware, an accelerator that works, a display.
public struct QEMUHost: Equatable, Sendable {
    /// How guest instructions are executed.
    public enum Accelerator: String, Sendable {
        /// On the processor, by the Linux kernel.
        case kvm
        /// Translated by QEMU.
        case tcg
    }

    /// QEMU's program.
    public var executable: FilePath
    /// UEFI firmware; nil boots QEMU's BIOS.
    public var uefi: UEFIFirmware?
    /// The accelerator to use.
    public var accelerator: Accelerator
    /// Whether a window can be opened.
    public var hasDisplay: Bool
    /// Files in the descriptor folders that are not firmware descriptors.
    public var unreadableDescriptors: [FilePath]

    /// Describes a computer; ``find(for:_:)`` examines this one.
    public init(
        executable: FilePath, uefi: UEFIFirmware? = nil, accelerator: Accelerator,
        hasDisplay: Bool, unreadableDescriptors: [FilePath] = []
    ) {
        (self.executable, self.uefi) = (executable, uefi)
        (self.accelerator, self.hasDisplay) = (accelerator, hasDisplay)
        self.unreadableDescriptors = unreadableDescriptors
    }

    /// Finds what a machine needs to boot on that firmware; nil if QEMU starts the kernel itself.
    ///
    /// - Throws: ``GuestError`` if QEMU or the firmware is not installed, or if QEMU does not
    ///   emulate the board.
    public static func find(
        for machine: Machine, _ firmware: Firmware?
    ) throws(GuestError) -> Self {
        let architecture = machine.chipset.architecture
        let name = architecture.platform.executable
        guard let executable = Environment.findProgram(name) else { throw .programNotFound(name) }
        if machine.chipset.platform.board != nil {
            try checkBoard(machine.chipset, Program(path: executable))
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
            executable: executable, uefi: uefi,
            accelerator: architecture == .host && KVM.works ? .kvm : .tcg,
            hasDisplay: Environment["DISPLAY"] != nil || Environment["WAYLAND_DISPLAY"] != nil,
            unreadableDescriptors: unreadable)
    }

    /// Asks QEMU whether it emulates a board; boards came with different versions.
    private static func checkBoard(
        _ chipset: Machine.Chipset, _ qemu: Program
    ) throws(GuestError) {
        var qemu = qemu
        qemu.limit = .seconds(30)
        let names = (try? qemu.run(["-machine", "help"])) ?? ""
        guard
            !names.split(separator: "\n").contains(where: { $0.hasPrefix("\(chipset.rawValue) ") })
        else { return }
        // "QEMU emulator version 7.2.22 (…)".
        let words = (try? qemu.run(["-version"]))?.split { $0 == " " || $0 == "\n" } ?? []
        throw .noMachine(chipset, version: words.dropFirst(3).first.map(String.init))
    }
}
