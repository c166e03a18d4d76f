import DiskImage
import SystemPackage

/// QEMU's command line as a pure value.
struct QEMUInvocation: Equatable, Sendable {
    /// What it tells of, through the descriptors that an observer has given it.
    enum Observation: Sendable {
        case none
        /// What happens to the machine, which starts when it is told to.
        case control
        /// That, every exception, SeaBIOS's words, and how the guest says that it ends.
        case everything
    }

    /// How guest instructions are executed.
    enum Accelerator: String, Sendable {
        case kvm
        case tcg
    }

    var executable: FilePath
    var image: FilePath
    /// What the image's file is.
    var format = ContainerFormat.raw
    var machine: MachineShape
    /// UEFI firmware; nil boots the machine's BIOS.
    var uefi: UEFIFirmware?
    var accelerator: Accelerator
    var showsWindow: Bool
    var observation = Observation.none
    /// The user's own arguments: last, so that they win.
    var extra: [String]

    /// Everything after the executable's name.
    var arguments: [String] {
        let guardsKeys = machine.secureBootKeys != nil && machine.chipset.guardsKeys
        var arguments = ["-machine", machine.chipset.rawValue + (guardsKeys ? ",smm=on" : "")]
        // Only firmware in system management mode writes to its flash.
        if guardsKeys { arguments += ["-global", "driver=cfi.pflash01,property=secure,value=on"] }
        arguments += platform.arguments
        if let processor = platform.processor, !gives("cpu") {
            arguments += ["-cpu", accelerator == .kvm ? "host" : processor]
        }
        arguments += ["-m", machine.memory.text]
        if machine.processorCount > 1 { arguments += ["-smp", "\(machine.processorCount)"] }
        arguments += ["-nic", "none"]
        if !choosesAccelerator { arguments += ["-accel", accelerator.rawValue] }
        if let uefi {
            arguments += ["-drive", "if=pflash,unit=0,readonly=on," + file(uefi.code)]
            arguments += ["-drive", "if=pflash,unit=1,snapshot=on," + file(uefi.variables)]
        }
        let snapshot = machine.keepsWrites ? "off" : "on"
        arguments += ["-drive", "if=none,id=image,snapshot=\(snapshot)," + file(image, format)]
        arguments += machine.diskDevices.flatMap { ["-device", $0] }
        if !gives("serial", "nographic") {
            arguments += ["-serial", "stdio"]
        }
        if !showsWindow, !gives("display", "nographic") {
            arguments += ["-display", "none"]
        }
        return arguments + observationArguments + extra
    }

    private var platform: Platform { machine.chipset.architecture.platform }

    private var observationArguments: [String] {
        let control = [
            "-S", "-chardev", "socket,id=bootimage-control,fd=3",
            "-mon", "chardev=bootimage-control,mode=control",
        ]
        return switch observation {
        case .none: []
        case .control: control
        case .everything: control + logArguments + endingDevices
        }
    }

    private var logArguments: [String] {
        let log = gives("d", "D") ? [] : ["-d", platform.logItems, "-D", "/dev/fd/4"]
        if uefi != nil { return log }
        return log + [
            "-chardev", "file,id=bootimage-firmware,path=/dev/fd/5",
            "-device", "isa-debugcon,iobase=0x402,chardev=bootimage-firmware",
        ]
    }

    /// Those that the user has not given.
    private var endingDevices: [String] {
        platform.endings.filter { ending in
            let name =
                ending.option == "-device" ? ending.value.prefix { $0 != "," } : "-semihosting"
            return !extra.contains { $0.hasPrefix(name) }
        }.flatMap { [$0.option, $0.value] }
    }

    /// Whether the user gave one of these options; QEMU takes one dash or two.
    private func gives(_ options: String...) -> Bool {
        extra.contains { word in options.contains { word == "-\($0)" || word == "--\($0)" } }
    }

    /// QEMU starts the first accelerator that works, and refuses two ways to name one.
    private var choosesAccelerator: Bool {
        gives("accel", "enable-kvm") || extra.contains { $0.contains("accel=") }
    }

    /// A file by its path alone: "fat:" is no protocol, and a comma ends nothing.
    private func file(_ path: FilePath, _ format: ContainerFormat = .raw) -> String {
        let name = path.string.replacing(",", with: ",,")
        return "driver=\(format.qemuName),file.driver=file,file.filename=\(name)"
    }
}

extension MachineShape {
    /// The disk to boot from, and what it hangs on where the chipset has no such thing.
    fileprivate var diskDevices: [String] {
        let drive = "drive=image,bootindex=0"
        switch (disk, chipset) {
        case (.ahci, .q35), (.ide, _): return ["ide-hd,bus=ide.0," + drive]
        case (.ahci, _): return ["ahci,id=ahci", "ide-hd,bus=ahci.0," + drive]
        case (.cdrom, _): return ["ide-cd,bus=ide.0," + drive]
        case (.nvme, _): return ["nvme,serial=image," + drive + blockSizes]
        case (.virtio, _): return ["virtio-blk-pci," + drive + blockSizes]
        case (.usb, _): return ["qemu-xhci", "usb-storage," + drive + blockSizes]
        }
    }

    private var blockSizes: String {
        sectorSize == .bytes512 ? "" : ",logical_block_size=4096,physical_block_size=4096"
    }
}
