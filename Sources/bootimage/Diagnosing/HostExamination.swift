import BootImageKit
import ELFKit
import GuestKit
import HostSystem
import Libc
import SystemPackage

/// Finds and tries everything that the tool works with on this machine.
enum HostExamination {
    /// Examines the machine; each program may run for `limit`.
    static func run(version: String, limit: Duration) throws(ProgramError) -> Diagnosis {
        let requisites = [
            try RequiredProgram.qemu.find(within: limit),
            firmware("UEFI firmware", .plain, loss: "UEFI cannot boot"),
            firmware("Secure Boot", .secureBoot, loss: "run rejects --secure-boot"),
            try RequiredProgram.qemuForAArch64.find(within: limit),
            firmware("UEFI, AArch64", .plain, on: .virt, loss: "AArch64 kernels cannot boot"),
            firmware(
                "Secure, AArch64", .secureBoot, on: .virt,
                loss: "run rejects --secure-boot for AArch64"),
            kvm(KVM.probe(limit: limit)),
            Requisite(name: "libelf", loss: "kernels cannot be read", version: ELFLibrary.version),
        ]
        let others = try RequiredProgram.others.map { program throws(ProgramError) in
            try program.find(within: limit)
        }
        return Diagnosis(version: version, requisites: requisites + others)
    }

    private static func firmware(
        _ name: String, _ kind: UEFIFirmware.Kind, on chipset: Machine.Chipset = .q35,
        loss: String
    ) -> Requisite {
        let package = Packages.firmware(for: chipset.architecture)
        var requisite = Requisite(name: name, loss: loss)
        let catalog = FirmwareCatalog()
        guard let (firmware, descriptor) = catalog.find(kind, for: chipset) else {
            let places = catalog.folders.map(\.string).joined(separator: ", ")
            requisite.fault = (
                "no \(kind == .plain ? "" : "such ")firmware for QEMU is described in \(places)",
                "apt install \(package)"
            )
            return requisite
        }
        requisite.path = firmware.code
        requisite.descriptor = descriptor
        let files = [firmware.code, firmware.variables]
        if let file = files.first(where: { access($0.string, R_OK) != 0 }) {
            requisite.fault = (
                "\(file), which \(descriptor) names, cannot be read: \(Errno(rawValue: errno))",
                "apt install --reinstall \(package), or remove the descriptor"
            )
        }
        return requisite
    }

    private static func kvm(_ outcome: KVM.Outcome) -> Requisite {
        var requisite = Requisite(name: "KVM", loss: "guests run, but slowly")
        requisite.path = outcome == .absent ? nil : "/dev/kvm"
        requisite.fault =
            switch outcome {
            case .works: nil
            case .absent:
                (
                    "/dev/kvm does not exist",
                    "enable virtualisation in the firmware setup or for this virtual machine, "
                        + "then modprobe kvm_intel or kvm_amd"
                )
            case .denied:
                ("this user has no access to /dev/kvm", "adduser USER kvm, then log in again")
            case .hangs: ("a one-page guest did not end in time", nestedRemedy)
            case .fails: ("/dev/kvm cannot run a one-page guest", nestedRemedy)
            }
        return requisite
    }

    private static let nestedRemedy = "use a physical machine, or a host with nested virtualisation"
}
