import DiskImage
import ELFKit
import SystemPackage
import Testing

@testable import GuestKit

/// QEMU's command line, without QEMU.
struct QEMUInvocationTests {
    private static let drive = "if=none,id=image,snapshot=on,driver=raw,file.driver=file,"

    private static let sandbox =
        "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"

    private static func invocation(
        image: FilePath = "a.img", machine: MachineRequest = MachineRequest(),
        sectorSize: SectorSize = .bytes512, uefi: UEFIFirmware? = nil,
        showsWindow: Bool = true, extra: [String] = []
    ) throws -> QEMUInvocation {
        var invocation = QEMUInvocation(
            host: QEMUHost(
                executable: "/usr/bin/qemu", uefi: uefi, accelerator: .tcg, hasDisplay: true),
            image: image, machine: try Machine(machine, sectorSize: sectorSize))
        (invocation.showsWindow, invocation.extra) = (showsWindow, extra)
        return invocation
    }

    @Test func `the machine comes first, then the disk, the serial line and extra arguments`()
        throws
    {
        let invocation = try Self.invocation(extra: ["-m", "1G"])
        #expect(
            invocation.arguments == [
                "-machine", "q35", "-m", "256M", "-nic", "none", "-no-user-config", "-nodefaults",
                "-vga", "std", "-sandbox", Self.sandbox, "-accel", "tcg",
                "-drive", Self.drive + "file.filename=a.img",
                "-device", "ide-hd,bus=ide.0,drive=image,bootindex=0",
                "-serial", "stdio", "-m", "1G",
            ])
    }

    @Test(arguments: [
        (ContainerFormat.qcow2, "qcow2"), (.vmdk, "vmdk"), (.vdi, "vdi"), (.vhdx, "vhdx"),
        (.vhd, "vpc"),
    ])
    func `a container format has its driver`(_ format: ContainerFormat, _ name: String) throws {
        var invocation = try Self.invocation(image: "a,b")
        invocation.format = format
        let drive = "if=none,id=image,snapshot=on,driver=\(name),file.driver=file,"
        #expect(invocation.arguments.contains(drive + "file.filename=a,,b"))
    }

    @Test func `a disk with sectors of 4 KiB is NVMe`() throws {
        let devices = try Self.invocation(sectorSize: .bytes4096).arguments.filter {
            $0.contains("drive=image")
        }
        #expect(
            devices == [
                "nvme,serial=image,drive=image,bootindex=0,"
                    + "logical_block_size=4096,physical_block_size=4096"
            ])
    }

    @Test(arguments: [
        (MachineRequest(memory: MemorySize(argument: "2g")), "-machine q35 -m 2G -nic"),
        (MachineRequest(processorCount: 4), "-m 256M -smp 4 -nic"),
        (MachineRequest(chipset: .pc), "-device ahci,id=ahci -device ide-hd,bus=ahci.0,"),
        (MachineRequest(disk: .ide), "-machine pc -m 256M"),
        (MachineRequest(disk: .ide), "-device ide-hd,bus=ide.0,drive=image,bootindex=0"),
        (MachineRequest(disk: .nvme), "-device nvme,serial=image,drive=image,bootindex=0"),
        (MachineRequest(disk: .virtio), "-device virtio-blk-pci,drive=image,bootindex=0"),
        (MachineRequest(disk: .usb), "-device qemu-xhci -device usb-storage,drive=image"),
        (MachineRequest(keepsWrites: true), "if=none,id=image,snapshot=off,"),
        (
            MachineRequest(enforcesSecureBoot: true),
            "-machine q35,smm=on -global driver=cfi.pflash01,property=secure,value=on -m"
        ),
    ])
    func `a request sets the machine`(
        _ request: MachineRequest, _ words: String
    ) throws {
        let line = try Self.invocation(machine: request).arguments.joined(separator: " ")
        #expect(line.contains(words), "\(line)")
    }

    @Test(
        arguments: [
            (.init(chipset: .q35, disk: .ide), .bytes512, .x86_64, .noIDE(.q35, use: .ahci)),
            (.init(disk: .ahci), .bytes4096, .x86_64, .sectorSize(.bytes4096, .ahci)),
            (
                .init(chipset: .pc, enforcesSecureBoot: true), .bytes512, .x86_64,
                .secureBootNeedsManagementMode(.ahci)
            ),
            (
                .init(chipset: .q35), .bytes512, .aarch64,
                .wrongArchitecture(.q35, guest: .aarch64, use: .virt)
            ),
            (.init(disk: .ide), .bytes512, .aarch64, .noIDE(.virt, use: .virtio)),
            (.init(disk: .sd), .bytes512, .x86_64, .notBootable(.sd, .q35)),
            (
                .init(processorCount: 2, chipset: .raspi3b), .bytes512, .aarch64,
                .fixedByBoard(.raspi3b, memory: .oneGibibyte, processorCount: 4)
            ),
            (
                .init(chipset: .raspi3b, disk: .virtio), .bytes512, .aarch64,
                .fixedByBoard(.raspi3b, memory: .oneGibibyte, processorCount: 4)
            ),
            (.init(disk: .ahci), .bytes512, .aarch64, .notBootable(.ahci, .virt)),
            (.init(disk: .cdrom), .bytes512, .aarch64, .notBootable(.cdrom, .virt)),
        ] as [(MachineRequest, SectorSize, Architecture, MachineError)])
    func `an impossible machine is refused`(
        _ request: MachineRequest, _ size: SectorSize, _ architecture: Architecture,
        _ error: MachineError
    ) {
        #expect(throws: error) {
            _ = try Machine(request, sectorSize: size, for: [architecture])
        }
    }

    @Test(
        arguments: [
            ("64", "64M"), ("64m", "64M"), ("1024MiB", "1024M"), ("2G", "2G"), ("1024G", "1024G"),
            ("0", nil), ("-1M", nil), ("1T", nil), ("1025G", nil), ("M", nil), ("", nil),
            ("1.5G", nil),
            ("99999999999999999999", nil),
        ] as [(String, String?)])
    func `memory is a number of MiB or GiB`(_ argument: String, _ text: String?) {
        #expect(MemorySize(argument: argument)?.text == text)
    }

    @Test func `no display is requested without a window`() throws {
        let arguments = try Self.invocation(showsWindow: false).arguments
        #expect(arguments.suffix(2) == ["-display", "none"])
    }

    @Test(arguments: [
        (["-serial", "null"], "-serial stdio"), (["--serial", "null"], "-serial stdio"),
        (["-nographic"], "-serial stdio"), (["-nographic"], "-display none"),
        (["-display", "curses"], "-display none"), (["--display", "curses"], "-display none"),
        (["-accel", "kvm"], "-accel tcg"), (["-enable-kvm"], "-accel tcg"),
        (["-machine", "pc,accel=kvm"], "-accel tcg"),
    ])
    func `extra arguments replace the defaults`(extra: [String], ours: String) throws {
        let without = try Self.invocation(showsWindow: false).arguments.joined(separator: " ")
        #expect(without.contains(ours))
        let arguments = try Self.invocation(showsWindow: false, extra: extra).arguments
        #expect(!arguments.joined(separator: " ").contains(ours))
        #expect(arguments.suffix(extra.count) == extra[...])
    }

    @Test(arguments: [
        ("a,b,.img", "a,,b,,.img"), ("fat:a.img", "fat:a.img"), ("a,\u{301}.img", "a,,\u{301}.img"),
    ])
    func `a comma in a path is doubled`(path: String, written: String) throws {
        let arguments = try Self.invocation(image: FilePath(path)).arguments
        #expect(arguments.contains { $0 == Self.drive + "file.filename=\(written)" })
    }

    @Test func `UEFI's code is read-only, and changes to its variables are discarded`() throws {
        let uefi = UEFIFirmware(code: "/f/code,4m.fd", variables: "/f/vars.fd")
        let flash = try Self.invocation(uefi: uefi).arguments.filter { $0.contains("pflash") }
        let file = "driver=raw,file.driver=file,file.filename="
        #expect(
            flash == [
                "if=pflash,unit=0,readonly=on,\(file)/f/code,,4m.fd",
                "if=pflash,unit=1,snapshot=on,\(file)/f/vars.fd",
            ])
    }

    @Test func `an AArch64 guest has a 64-bit processor and a framebuffer in memory`() throws {
        var invocation = try Self.invocation()
        invocation.machine = try Machine(for: [.aarch64])
        #expect(
            invocation.arguments == [
                "-machine", "virt", "-device", "ramfb", "-cpu", "cortex-a72", "-m", "256M",
                "-nic", "none", "-no-user-config", "-nodefaults", "-sandbox", Self.sandbox,
                "-accel", "tcg", "-drive", Self.drive + "file.filename=a.img",
                "-device", "virtio-blk-pci,drive=image,bootindex=0", "-serial", "stdio",
            ])
        invocation.host.accelerator = .kvm
        #expect(invocation.arguments.contains("host"))
        invocation.extra = ["-cpu", "max"]
        #expect(!invocation.arguments.contains("host"))
        (invocation.observation, invocation.addsExitDevices) = (.everything, true)
        invocation.host.uefi = UEFIFirmware(code: "code.fd", variables: "vars.fd")
        let line = invocation.arguments.joined(separator: " ")
        #expect(line.contains("-semihosting-config enable=on,target=native -device pvpanic-pci"))
        #expect(!line.contains("isa-"))
        invocation.extra = ["-semihosting"]
        #expect(!invocation.arguments.contains("-semihosting-config"))
    }

    @Test func `virt needs no system management mode for Secure Boot`() throws {
        let shape = try Machine(MachineRequest(enforcesSecureBoot: true), for: [.aarch64])
        var invocation = try Self.invocation()
        invocation.machine = shape
        #expect(invocation.arguments.starts(with: ["-machine", "virt", "-device", "ramfb"]))
        #expect(!invocation.arguments.contains("-global"))
    }

    @Test func `a board gets its kernel, its card and two serial ports`() throws {
        let machine = try Machine(MachineRequest(chipset: .raspi3b), for: [.aarch64])
        let host = QEMUHost(executable: "qemu", accelerator: .tcg, hasDisplay: false)
        var invocation = QEMUInvocation(host: host, image: "card.img", machine: machine)
        (invocation.boardKernel, invocation.addsExitDevices) = ("kernel8.img", true)
        let line = invocation.arguments.joined(separator: " ")
        for words in [
            "-machine raspi3b -m 1G -smp 4 ", " -drive if=sd,snapshot=on,driver=raw,",
            " -kernel kernel8.img -serial stdio -chardev file,id=bootimage-mini-uart,"
                + "path=/dev/stderr,append=on -serial chardev:bootimage-mini-uart ",
            " -semihosting-config enable=on,target=native",
        ] {
            #expect(line.contains(words), "\(line)")
        }
        for words in ["-device", "-cpu", "-vga", "pflash"] { #expect(!line.contains(words)) }
        invocation.extra = ["-serial", "null"]
        #expect(!invocation.arguments.contains { $0.contains("mini-uart") })
        invocation.observation = .everything
        #expect(!invocation.arguments.contains { $0.contains("isa-debugcon") })
    }

    @Test func `the chipset selects the architecture of an image for both`() throws {
        let both: [Architecture] = [.x86_64, .aarch64]
        #expect(try Machine(for: both).chipset == .q35)
        #expect(try Machine(MachineRequest(chipset: .virt), for: both).disk == .virtio)
    }

    @Test(arguments: [
        ("plain-1_2.3/4=5,6:7+8@9", "plain-1_2.3/4=5,6:7+8@9"), ("", "''"), ("a b", "'a b'"),
        ("it's", #"'it'\''s'"#), ("'\u{301}", "''\\''\u{301}'"), ("$HOME", "'$HOME'"),
        ("~", "'~'"), ("a\nb", "'a\nb'"), (#"a\b"#, #"'a\b'"#), (#"a"b"#, #"'a"b'"#),
    ])
    func `a shell reads a quoted word unchanged`(word: String, quoted: String) throws {
        let line = GuestCommand(
            program: "/q", arguments: try Self.invocation(extra: [word]).arguments, image: "i"
        ).shellLine
        #expect(line.hasPrefix("/q -machine q35 "))
        #expect(line.hasSuffix(" " + quoted), "\(line)")
    }
}
