import BootImageKit
import ELFKit
import GuestKit
import HostSystem
import Libc
import SystemPackage

/// Looks for everything on this machine, and tries it.
enum HostExamination {
    /// The tool's version is given; each program may take as long as `limit`.
    static func run(version: String, limit: Duration) throws(ProgramError) -> Diagnosis {
        var requisites = [try RequiredProgram.qemu.find(within: limit)]
        requisites += [
            firmware("UEFI firmware", .plain, loss: "nothing boots on UEFI"),
            firmware("Secure Boot", .secureBoot, loss: "run refuses --secure-boot"),
            try RequiredProgram.qemuForAArch64.find(within: limit),
            firmware("UEFI, AArch64", .plain, on: .virt, loss: "no kernel for AArch64 boots"),
            firmware(
                "Secure, AArch64", .secureBoot, on: .virt,
                loss: "run refuses --secure-boot for AArch64"),
            kvm(KVM.probe(limit: limit)),
        ]
        requisites.append(
            Requisite(name: "libelf", loss: "no kernel is read", version: ELFLibrary.version))
        for program in RequiredProgram.others {
            requisites.append(try program.find(within: limit))
        }
        return Diagnosis(version: version, requisites: requisites)
    }

    /// For a machine that guests get by default.
    private static func firmware(
        _ name: String, _ kind: UEFIFirmware.Kind, on chipset: Machine.Chipset = .q35,
        loss: String
    ) -> Requisite {
        let package = Packages.firmware(for: chipset.architecture)
        var requisite = Requisite(name: name, loss: loss)
        let catalog = FirmwareCatalog()
        guard let (firmware, descriptor) = catalog.find(kind, for: chipset) else {
            let places = catalog.folders.map(\.string).joined(separator: ", ")
            requisite.fault = Requisite.Fault(
                problem: "no firmware \(kind == .plain ? "" : "with it ")for QEMU is described in "
                    + places, remedy: "apt install \(package)")
            return requisite
        }
        requisite.path = firmware.code
        requisite.descriptor = descriptor
        let files = [firmware.code, firmware.variables]
        if let file = files.first(where: { access($0.string, R_OK) != 0 }) {
            requisite.fault = Requisite.Fault(
                problem: "\(file), which \(descriptor) names, cannot be read: \(Errno.current)",
                remedy: "apt install --reinstall \(package), or remove that descriptor")
        }
        return requisite
    }

    private static func kvm(_ outcome: KVM.Outcome) -> Requisite {
        var requisite = Requisite(name: "KVM", loss: "guests run, but slowly")
        requisite.path = outcome == .absent ? nil : "/dev/kvm"
        let fault: (String, String)? =
            switch outcome {
            case .works: nil
            case .absent:
                (
                    "/dev/kvm is not there",
                    "turn virtualisation on, in the firmware's setup or for this virtual machine, "
                        + "and modprobe kvm_intel or kvm_amd"
                )
            case .denied:
                ("/dev/kvm is not for this user", "adduser USER kvm, then log in again")
            case .hangs:
                ("a guest of one page did not end in time", nestedRemedy)
            case .fails:
                ("/dev/kvm runs no guest of one page", nestedRemedy)
            }
        requisite.fault = fault.map { Requisite.Fault(problem: $0.0, remedy: $0.1) }
        return requisite
    }

    private static let nestedRemedy =
        "use a machine whose processor is not emulated, or a host with nested virtualisation"
}

extension Errno {
    /// That of the last call which failed.
    fileprivate static var current: Errno { Errno(rawValue: errno) }
}
