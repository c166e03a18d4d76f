import BootImageKit
import DiskImage
import ELFKit
import GuestKit
import HostSystem
import SystemPackage

extension Failure {
    /// A machine that does not exist.
    init(_ error: MachineError) {
        let text =
            switch error {
            case .wrongArchitecture(let chipset, let guest, let use):
                "--machine \(chipset.rawValue) is for \(chipset.architecture.name), and the guest "
                    + "for \(guest.name): give --machine \(use.rawValue), or none"
            case .secureBootNeedsManagementMode(let disk):
                "--secure-boot needs --machine q35, whose system management mode guards the keys, "
                    + "or virt" + (disk == .ide ? "; --disk ide is for pc, use ahci" : "")
            case .noIDE(let chipset, let use):
                "--disk ide needs --machine pc: \(chipset.rawValue) has no IDE controller; or use "
                    + use.rawValue
            case .notBootable(let disk, _):
                "--disk \(disk.rawValue) needs --machine q35 or pc: the firmware of virt starts "
                    + "nothing from it; use virtio, nvme or usb"
            case .sectorSize(_, let disk):
                "--disk \(disk.rawValue) has sectors of 512 bytes alone; for 4096 use nvme, "
                    + "virtio or usb"
            }
        self.init(.usage, text)
    }

    /// A guest that was not run to its end.
    init(_ error: GuestError) {
        switch error {
        case .program(.notFound(let name)):
            self.init(
                .missingTool,
                "\(name) is not on PATH; install it: apt install \(Packages.package(of: name))")
        case .program(let error): self.init(error)
        case .noFirmware(let kind, let architecture, let folders):
            let places = folders.map(\.string).joined(separator: ", ")
            self.init(
                .missingTool,
                "no UEFI firmware for QEMU \(kind == .plain ? "" : "with Secure Boot ")is "
                    + "described in \(places); install it: apt install "
                    + Packages.firmware(for: architecture))
        case .notStarted(let program, let errno):
            self.init(.missingTool, "\(program): cannot be started: \(errno)")
        case .timedOut(let image):
            self.init(.timedOut, "\(image): the guest did not end in time")
        case .file(let error): self.init(error)
        case .pictureFailed(let path, let reason):
            self.init(.cannotCreateOutput, "\(path): cannot be written: \(reason)")
        case .pictureMissed(let path):
            self.init(.inputOutput, "\(path): no picture was taken: the guest ended before")
        }
    }
}
