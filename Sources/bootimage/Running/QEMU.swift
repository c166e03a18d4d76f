import CKVM
import DiskImage
import ELFKit
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
        image: FilePath, format: ContainerFormat = .raw, firmware: Firmware, machine: MachineShape,
        headless: Bool, observation: Observation = .none, extra: [String]
    ) throws(Failure) -> Self {
        let architecture = machine.chipset.architecture
        let executable = try QEMU.findExecutable(for: architecture)
        let hasDisplay = Environment["DISPLAY"] != nil || Environment["WAYLAND_DISPLAY"] != nil
        return Self(
            executable: executable, image: image, format: format, machine: machine,
            uefi: firmware == .uefi ? try uefiFirmware(for: machine, beside: image) : nil,
            accelerator: architecture == .host && kvm_runs_guests() ? .kvm : .tcg,
            showsWindow: hasDisplay && !headless, observation: observation, extra: extra)
    }
}

extension QEMUInvocation {
    /// Firmware for a machine; with keys, its variables are a file with them beside the image.
    private static func uefiFirmware(
        for machine: MachineShape, beside image: FilePath
    ) throws(Failure) -> UEFIFirmware {
        guard let keys = machine.secureBootKeys.map(KeyFolder.init(path:)) else {
            return try UEFIFirmware.find(for: machine.chipset)
        }
        var firmware = try UEFIFirmware.find(.secureBoot, for: machine.chipset)
        let variables = try keys.enrolled(in: firmware.variables)
        firmware.variables = image.removingLastComponent()
            .appending("\(image.stem ?? image.string).secure-boot.fd")
        try SmallFile.write(variables, to: firmware.variables)
        return firmware
    }
}

/// QEMU as a program on this machine.
enum QEMU {
    /// Looks through PATH.
    static func findExecutable(
        for architecture: Architecture = .x86_64
    ) throws(Failure) -> FilePath {
        let platform = architecture.platform
        if let path = Executable.find(platform.executable) { return path }
        throw Failure(
            .missingTool,
            "\(platform.executable) is not on PATH; install it: apt install \(platform.package)")
    }

    /// Runs QEMU until the guest ends it, for `limit` at most; it has the terminal meanwhile.
    ///
    /// Returns its exit status, or 128 and the signal that ended QEMU or this process.
    static func run(
        _ command: GuestCommand, limit: Duration? = nil
    ) throws(Failure) -> Int32 {
        let ending: ChildProcess.Ending
        do throws(Errno) {
            ending = try ChildProcess.run(command.program, command.arguments, limit: limit)
        } catch {
            throw Failure(.missingTool, "\(command.program): cannot be started: \(error)")
        }
        switch ending {
        case .exited(let status): return status
        case .killed(let signal), .asked(let signal): return 128 + signal
        case .timedOut:
            throw Failure(.timedOut, "\(command.image): the guest did not end in time")
        }
    }
}
