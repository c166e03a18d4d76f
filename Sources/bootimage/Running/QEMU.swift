import CKVM
import DiskImage
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension QEMUInvocation {
    /// Finds what is needed on this machine: QEMU, UEFI firmware if asked for, an accelerator
    /// that works.
    static func locate(
        image: FilePath, firmware: Firmware, sectorSize: SectorSize, headless: Bool,
        extra: [String]
    ) throws(Failure) -> Self {
        let executable = try QEMU.findExecutable()
        let hasDisplay = Environment["DISPLAY"] != nil || Environment["WAYLAND_DISPLAY"] != nil
        return Self(
            executable: executable, image: image, sectorSize: sectorSize,
            uefi: firmware == .uefi ? try UEFIFirmware.find() : nil,
            accelerator: kvm_runs_guests() ? .kvm : .tcg,
            showsWindow: hasDisplay && !headless, extra: extra)
    }
}

/// QEMU as a program on this machine.
enum QEMU {
    private static let name = "qemu-system-x86_64"

    /// Looks through PATH.
    static func findExecutable() throws(Failure) -> FilePath {
        for folder in (Environment["PATH"] ?? "").split(separator: ":") {
            let candidate = FilePath(String(folder)).appending(name)
            if access(candidate.string, X_OK) == 0 { return candidate }
        }
        throw Failure(
            .missingTool, "\(name) is not on PATH; install it: apt install qemu-system-x86")
    }

    /// Becomes QEMU: terminal, signals and exit status are QEMU's own from here on.
    static func exec(_ invocation: QEMUInvocation) throws(Failure) -> Never {
        let words = [invocation.executable.string] + invocation.arguments
        var pointers = words.map { strdup($0) }
        pointers.append(nil)
        execv(invocation.executable.string, pointers)
        let error = Errno(rawValue: errno)
        throw Failure(.missingTool, "\(invocation.executable): cannot be started: \(error)")
    }
}
