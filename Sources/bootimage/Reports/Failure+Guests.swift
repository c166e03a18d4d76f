import BootImageKit
import DiskImage
import ELFKit
import GuestKit
import HostSystem
import SystemPackage

extension Failure {
    init(_ error: MachineError) {
        let text =
            switch error {
            case .wrongArchitecture(let chipset, let guest, let use):
                "--machine \(chipset.rawValue) runs \(chipset.architecture.name), but the guest is "
                    + "for \(guest.name); use --machine \(use.rawValue) or omit it"
            case .secureBootNeedsManagementMode(let disk):
                "--secure-boot needs --machine q35, whose system management mode protects the "
                    + "keys, or virt" + (disk == .ide ? "; use --disk ahci: q35 has no IDE" : "")
            case .noIDE(let chipset, let use):
                "--disk ide needs --machine pc: \(chipset.rawValue) has no IDE controller; use "
                    + "--disk \(use.rawValue)"
            case .notBootable(let disk, _):
                "--disk \(disk.rawValue) needs --machine q35 or pc: virt's firmware cannot boot "
                    + "from it; use virtio, nvme or usb"
            case .fixedByBoard(let chipset, let memory, let processorCount):
                "\(chipset.rawValue) has \(memory.text) of memory, \(processorCount) processors "
                    + "and a card; omit --memory, --cpus and --disk"
            case .sectorSize(_, let disk):
                "--disk \(disk.rawValue) supports 512-byte sectors only; for 4096 use nvme, virtio "
                    + "or usb"
            }
        self.init(.usage, text)
    }

    init(_ error: GuestError) {
        switch error {
        case .programNotFound(let name): self.init(.missingTool, Packages.missing(name))
        case .noFirmware(let kind, let architecture, let folders):
            let places = folders.map(\.string).joined(separator: ", ")
            self.init(
                .missingTool,
                "no UEFI firmware for QEMU \(kind == .plain ? "" : "with Secure Boot ")is "
                    + "described in \(places); install it: apt install "
                    + Packages.firmware(for: architecture))
        case .noMachine(let chipset, let version):
            let name = version.map { "QEMU \($0)" } ?? "this QEMU"
            self.init(
                .missingTool,
                "\(name) does not emulate \(chipset.rawValue)"
                    + (chipset == .raspi4b
                        ? ", which came with QEMU 9.0; write a card with bootimage build, or use "
                            + "--board raspi3" : "; install another QEMU"))
        case .notStarted(let program, let errno):
            self.init(.missingTool, "\(program): cannot be executed: \(errno)")
        case .timedOut(let image):
            self.init(.timedOut, "\(image): the guest reached the time limit")
        case .interrupted(let signal): self = .interrupted(by: signal)
        }
    }

    init(_ problem: WatchedRun.Problem) {
        switch problem {
        case .guest(let error): self.init(error)
        case .file(let error): self.init(error)
        case .pictureFailed(let path, let reason):
            self.init(.cannotCreateOutput, "\(path): cannot be written: \(reason)")
        case .pictureMissed(let path):
            self.init(.inputOutput, "\(path): no screenshot was taken: the guest ended too early")
        }
    }
}
