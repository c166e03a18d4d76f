import DiskImage
import SystemPackage
import Testing

@testable import bootimage

/// QEMU's command line, without QEMU.
struct QEMUInvocationTests {
    private static let drive = "if=none,id=image,snapshot=on,driver=raw,file.driver=file,"

    private static func invocation(
        image: FilePath = "a.img", sectorSize: SectorSize = .bytes512, uefi: UEFIFirmware? = nil,
        showsWindow: Bool = true, extra: [String] = []
    ) -> QEMUInvocation {
        QEMUInvocation(
            executable: "/usr/bin/qemu", image: image, sectorSize: sectorSize, uefi: uefi,
            accelerator: .tcg, showsWindow: showsWindow, extra: extra)
    }

    @Test func `the machine comes first, then the disk, the serial line and the user's own`() {
        let invocation = Self.invocation(extra: ["-m", "1G"])
        #expect(
            invocation.arguments == [
                "-machine", "q35", "-m", "256M", "-nic", "none", "-accel", "tcg",
                "-drive", Self.drive + "file.filename=a.img",
                "-device", "ide-hd,bus=ide.0,drive=image,bootindex=0",
                "-serial", "stdio", "-m", "1G",
            ])
    }

    @Test func `a disk with sectors of 4 KiB is none that IDE has`() {
        let devices = Self.invocation(sectorSize: .bytes4096).arguments.filter {
            $0.contains("drive=image")
        }
        #expect(
            devices == [
                "nvme,serial=image,drive=image,bootindex=0,"
                    + "logical_block_size=4096,physical_block_size=4096"
            ])
    }

    @Test func `no window is asked for where none can open`() {
        let arguments = Self.invocation(showsWindow: false).arguments
        #expect(arguments.suffix(2) == ["-display", "none"])
    }

    @Test(arguments: [
        (["-serial", "null"], "-serial stdio"), (["--serial", "null"], "-serial stdio"),
        (["-nographic"], "-serial stdio"), (["-nographic"], "-display none"),
        (["-display", "curses"], "-display none"), (["--display", "curses"], "-display none"),
        (["-accel", "kvm"], "-accel tcg"), (["-enable-kvm"], "-accel tcg"),
        (["-machine", "pc,accel=kvm"], "-accel tcg"),
    ])
    func `what the user says takes the place of`(extra: [String], ours: String) {
        let without = Self.invocation(showsWindow: false).arguments.joined(separator: " ")
        #expect(without.contains(ours))
        let arguments = Self.invocation(showsWindow: false, extra: extra).arguments
        #expect(!arguments.joined(separator: " ").contains(ours))
        #expect(arguments.suffix(extra.count) == extra[...])
    }

    @Test(arguments: [
        ("a,b,.img", "a,,b,,.img"), ("fat:a.img", "fat:a.img"), ("a,\u{301}.img", "a,,\u{301}.img"),
    ])
    func `a comma in a path is doubled`(path: String, written: String) {
        let arguments = Self.invocation(image: FilePath(path)).arguments
        #expect(arguments.contains { $0 == Self.drive + "file.filename=\(written)" })
    }

    @Test func `UEFI's code is read-only, and its variables are forgotten`() {
        let uefi = UEFIFirmware(code: "/f/code,4m.fd", variables: "/f/vars.fd")
        let flash = Self.invocation(uefi: uefi).arguments.filter { $0.contains("pflash") }
        let file = "driver=raw,file.driver=file,file.filename="
        #expect(
            flash == [
                "if=pflash,unit=0,readonly=on,\(file)/f/code,,4m.fd",
                "if=pflash,unit=1,snapshot=on,\(file)/f/vars.fd",
            ])
    }

    @Test(arguments: [
        ("plain-1_2.3/4=5,6:7+8@9", "plain-1_2.3/4=5,6:7+8@9"), ("", "''"), ("a b", "'a b'"),
        ("it's", #"'it'\''s'"#), ("'\u{301}", "''\\''\u{301}'"), ("$HOME", "'$HOME'"),
        ("~", "'~'"), ("a\nb", "'a\nb'"), (#"a\b"#, #"'a\b'"#), (#"a"b"#, #"'a"b'"#),
    ])
    func `a shell takes a word as it was`(word: String, quoted: String) {
        let line = GuestCommand(
            program: "/q", arguments: Self.invocation(extra: [word]).arguments, image: "i"
        ).shellLine
        #expect(line.hasPrefix("/q -machine q35 "))
        #expect(line.hasSuffix(" " + quoted), "\(line)")
    }
}
