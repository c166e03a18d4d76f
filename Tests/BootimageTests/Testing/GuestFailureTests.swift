import DiskImage
import ELFKit
import GuestKit
import SystemPackage
import Testing

@testable import HostSystem
@testable import bootimage

/// Errors of machines and guests, as a person reads them.
struct GuestFailureTests {
    @Test(
        arguments: [
            (
                .noIDE(.q35, use: .ahci),
                "needs --machine pc: q35 has no IDE controller; use --disk ahci"
            ),
            (.noIDE(.virt, use: .virtio), "virt has no IDE controller"),
            (.sectorSize(.bytes4096, .ahci), "--disk ahci supports 512-byte sectors only"),
            (.secureBootNeedsManagementMode(.ahci), "--secure-boot needs --machine q35"),
            (.secureBootNeedsManagementMode(.ide), "use --disk ahci"),
            (
                .wrongArchitecture(.q35, guest: .aarch64, use: .virt),
                "--machine q35 runs x86-64, but the guest is for AArch64; use --machine virt"
            ),
            (.notBootable(.cdrom, .virt), "use virtio, nvme or usb"),
        ] as [(MachineError, String)])
    func `an impossible machine is a usage error with a remedy`(
        _ error: MachineError, _ text: String
    ) {
        let failure = Failure(error)
        #expect(failure.status == .usage)
        #expect(failure.message.contains(text), "\(failure.message)")
    }

    @Test(
        arguments: [
            (.programNotFound("qemu-system-x86_64"), "apt install qemu-system-x86", .missingTool),
            (
                .noFirmware(.secureBoot, .x86_64, folders: ["/a", "/b"]),
                "with Secure Boot is described in /a, /b; install it: apt install ovmf",
                .missingTool
            ),
            (
                .notStarted("/q", .permissionDenied), "/q: cannot be executed: Permission denied",
                .missingTool
            ),
            (.timedOut(image: "i"), "i: the guest reached the time limit", .timedOut),
            (.interrupted(by: 15), "signal 15", .terminated),
        ] as [(GuestError, String, Failure.Status)])
    func `a guest's error names the cause and the remedy`(
        _ error: GuestError, _ text: String, _ status: Failure.Status
    ) {
        let failure = Failure(error)
        #expect(failure.status == status)
        #expect(failure.message.contains(text), "\(failure.message)")
    }
}
