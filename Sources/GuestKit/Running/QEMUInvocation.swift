public import DiskImage
public import SystemPackage

import HostSystem

/// QEMU's command line for an image, as a pure value.
public struct QEMUInvocation: Equatable, Sendable {
    /// What QEMU reports through the descriptors that an observer passes to it.
    package enum Observation: Sendable {
        case none
        /// The machine's events; the observer starts the machine.
        case control
        /// Also every exception and SeaBIOS's messages.
        case everything
    }

    /// QEMU and firmware on this computer.
    public var host: QEMUHost
    /// The disk image.
    public var image: FilePath
    /// The format of the image's file; raw by default.
    public var format = ContainerFormat.raw
    /// What QEMU passes to the kernel, if ``image`` is one that it starts itself.
    package var direct: DirectBoot?
    /// Whether the image is a block device; false by default.
    public var isDevice = false
    /// The flat kernel that QEMU starts in place of a board's firmware.
    package var boardKernel: FilePath?
    /// The machine to emulate.
    public var machine: Machine
    /// Whether a window shows the screen; false by default.
    public var showsWindow = false
    package var observation = Observation.none
    /// Whether the guest can end QEMU, and report a panic to it.
    package var addsExitDevices = false
    /// Arguments that are appended, so that they override the others.
    public var extra: [String] = []

    /// A machine of that host with the image as its boot disk.
    public init(host: QEMUHost, image: FilePath, machine: Machine) {
        (self.host, self.image, self.machine) = (host, image, machine)
    }

    /// The whole command, quoted for a shell.
    public var commandLine: String { GuestCommand(self).shellLine }

    /// The arguments after the program's name.
    public var arguments: [String] {
        let guardsKeys = machine.enforcesSecureBoot && machine.chipset.hasManagementMode
        var arguments = ["-machine", machine.chipset.rawValue + (guardsKeys ? ",smm=on" : "")]
        // Only firmware in system management mode may write to its flash.
        if guardsKeys { arguments += ["-global", "driver=cfi.pflash01,property=secure,value=on"] }
        arguments += platform.arguments
        if let processor = platform.processor, !gives("cpu") {
            arguments += ["-cpu", host.accelerator == .kvm ? "host" : processor]
        }
        arguments += ["-m", machine.memory.text]
        if machine.processorCount > 1 { arguments += ["-smp", "\(machine.processorCount)"] }
        arguments += ["-nic", "none", "-no-user-config", "-nodefaults"]
        if !gives("vga"), let display = platform.display { arguments += ["-vga", display] }
        if !gives("sandbox") { arguments += ["-sandbox", Self.sandbox] }
        if !choosesAccelerator { arguments += ["-accel", host.accelerator.rawValue] }
        if let uefi = host.uefi {
            arguments += ["-drive", "if=pflash,unit=0,readonly=on," + file(uefi.code)]
            arguments += ["-drive", "if=pflash,unit=1,snapshot=on," + file(uefi.variables)]
        }
        arguments += direct?.arguments(for: image) ?? diskArguments
        // -nographic adds no serial line to a machine without default devices.
        if !gives("serial") {
            arguments += ["-serial", gives("nographic") ? "mon:stdio" : "stdio"]
            if isBoard { arguments += secondPort }
        }
        if !showsWindow, !gives("display", "nographic") { arguments += ["-display", "none"] }
        return arguments + observationArguments + (addsExitDevices ? exitDevices : []) + extra
    }

    /// QEMU starts no process and takes no rights, even once a guest has broken into it.
    private static let sandbox =
        "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"

    private var diskArguments: [String] {
        let snapshot = machine.keepsWrites ? "off" : "on"
        let interface = machine.disk == .sd ? "if=sd" : "if=none,id=image"
        let drive = "\(interface),snapshot=\(snapshot),"
        return ["-drive", drive + file(image, format, isDevice)]
            + machine.diskDevices.flatMap { ["-device", $0] }
            + (boardKernel.map { ["-kernel", $0.text] } ?? [])
    }

    private var platform: Platform { machine.chipset.platform }

    /// Whether the machine is a board, which has a second serial port besides the first, a PL011:
    /// the mini UART.
    var isBoard: Bool { platform.board != nil }

    /// The second serial port: to the observer, or to standard error.
    private var secondPort: [String] {
        let path = observation == .everything ? "/dev/fd/5" : "/dev/stderr,append=on"
        return ["-chardev", "file,id=bootimage-mini-uart,path=" + path]
            + ["-serial", "chardev:bootimage-mini-uart"]
    }

    private var observationArguments: [String] {
        let control = [
            "-S", "-chardev", "socket,id=bootimage-control,fd=3",
            "-mon", "chardev=bootimage-control,mode=control",
        ]
        return switch observation {
        case .none: []
        case .control: control
        case .everything: control + logArguments
        }
    }

    private var logArguments: [String] {
        let log = gives("d", "D") ? [] : ["-d", platform.logItems, "-D", "/dev/fd/4"]
        if host.uefi != nil || platform.display == nil { return log }
        return log + [
            "-chardev", "file,id=bootimage-firmware,path=/dev/fd/5",
            "-device", "isa-debugcon,iobase=0x402,chardev=bootimage-firmware",
        ]
    }

    /// The exit devices that ``extra`` does not have.
    private var exitDevices: [String] {
        platform.exitDevices.filter { device in
            let name =
                device.option == "-device" ? device.value.prefix { $0 != "," } : "-semihosting"
            return !extra.contains { $0.hasPrefix(name) }
        }.flatMap { [$0.option, $0.value] }
    }

    /// Whether ``extra`` has one of these options; QEMU accepts one dash or two.
    private func gives(_ options: String...) -> Bool {
        extra.contains { word in options.contains { word == "-\($0)" || word == "--\($0)" } }
    }

    /// QEMU rejects two options that choose the accelerator.
    private var choosesAccelerator: Bool {
        gives("accel", "enable-kvm") || extra.contains { $0.contains("accel=") }
    }

    /// Names a file by its path only: "fat:" is no protocol, and a comma does not end the name.
    private func file(
        _ path: FilePath, _ format: ContainerFormat = .raw, _ isDevice: Bool = false
    ) -> String {
        let name = path.text.replacing(",", with: ",,")
        let kind = isDevice ? "host_device" : "file"
        return "driver=\(format.qemuName),file.driver=\(kind),file.filename=\(name)"
    }
}

extension Machine {
    /// The boot disk, after its controller if the chipset has none.
    fileprivate var diskDevices: [String] {
        let drive = "drive=image,bootindex=0"
        switch (disk, chipset) {
        case (.ahci, .q35), (.ide, _): return ["ide-hd,bus=ide.0," + drive]
        case (.ahci, _): return ["ahci,id=ahci", "ide-hd,bus=ahci.0," + drive]
        case (.cdrom, _): return ["ide-cd,bus=ide.0," + drive]
        case (.nvme, _): return ["nvme,serial=image," + drive + blockSizes]
        case (.virtio, _): return ["virtio-blk-pci," + drive + blockSizes]
        case (.sd, _): return []
        case (.usb, _): return ["qemu-xhci", "usb-storage," + drive + blockSizes]
        }
    }

    private var blockSizes: String {
        sectorSize == .bytes512 ? "" : ",logical_block_size=4096,physical_block_size=4096"
    }
}
