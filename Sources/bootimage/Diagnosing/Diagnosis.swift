import BootImageKit
import ELFKit
import GuestKit
import HostSystem
import Libc
import SystemPackage

/// Everything that the tool works with, as found and tried on this machine.
struct Diagnosis {
    let requisites: [Requisite]

    /// Examines the machine; each program may run for `limit`.
    init(limit: Duration) throws(ProgramError) {
        let found = [
            try RequiredProgram.qemu.find(within: limit),
            Self.firmware("UEFI firmware", .plain, loss: "UEFI cannot boot"),
            Self.firmware("Secure Boot", .secureBoot, loss: "run rejects --secure-boot"),
            try RequiredProgram.qemuForAArch64.find(within: limit),
            Self.firmware("UEFI, AArch64", .plain, on: .virt, loss: "AArch64 kernels cannot boot"),
            Self.firmware(
                "Secure, AArch64", .secureBoot, on: .virt,
                loss: "run rejects --secure-boot for AArch64"),
            Self.kvm(KVM.probe(limit: limit)),
            Requisite(name: "libelf", loss: "kernels cannot be read", version: ELFLibrary.version),
        ]
        let others = try RequiredProgram.others.map { program throws(ProgramError) in
            try program.find(within: limit)
        }
        requisites = found + others
    }

    /// Whether guests can boot.
    var isUsable: Bool { requisites.allSatisfy { $0.status != .error } }

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

/// A program, firmware or accelerator that the tool works with, as found on this machine.
struct Requisite {
    /// `error` if guests cannot boot with the fault, `note` if they can.
    enum Status: String {
        case ok, note, error
    }

    let name: String
    /// The consequence of a fault, as a clause.
    let loss: String
    var isRequired = false
    var version: String?
    var path: FilePath?
    /// The firmware descriptor that names the path.
    var descriptor: FilePath?
    var fault: (problem: String, remedy: String)?

    var status: Status { fault == nil ? .ok : isRequired ? .error : .note }
}
