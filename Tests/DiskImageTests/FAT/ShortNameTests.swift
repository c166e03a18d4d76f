import Testing

@testable import DiskImage

@Suite struct ShortNameTests {
    @Test(arguments: [
        (["BOOTX64.EFI"], ["BOOTX64.EFI"]),
        (["ramdisk"], ["RAMDISK"]),
        (["boot.json"], ["BOOT~1.JSO"]),
        (["kernel-x86_64"], ["KERNEL~1"]),
        (["kernel-x86_64", "kernel-x86_65"], ["KERNEL~1", "KERNEL~2"]),
        (["kernel-x86_64", "KERNEL~1"], ["KERNEL~2", "KERNEL~1"]),
        (["kernel-x86_64", "kernel~1"], ["KERNEL~2", "KERNEL~1"]),
        ([".profile"], ["PROFIL~1"]),
        (["a b.c"], ["AB~1.C"]),
        (["a.b.c"], ["AB~1.C"]),
        (["a+b"], ["A_B~1"]),
        (["Ünïcödé.dat"], ["_N_C_D~1.DAT"]),
        (["日本語"], ["___~1"]),
    ])
    func `names get these short names`(names: [String], expected: [String]) throws {
        let short = ShortNameAllocator.shortNames(for: try names.map { try FATName($0) })
        #expect(short.map(\.description) == expected)
    }

    @Test func `three hundred similar names get unique names`() throws {
        let names = try (0..<300).map { try FATName("module-number-\($0).bin") }
        let short = ShortNameAllocator.shortNames(for: names).map(\.description)
        #expect(Set(short).count == 300)
        #expect(short[8] == "MODULE~9.BIN")
        #expect(short[9] == "MODUL~10.BIN")
        #expect(short[299] == "MODU~300.BIN")
    }

    @Test(arguments: [
        ("A", "A          "), ("README.TXT", "README  TXT"), ("12345678.123", "12345678123"),
        ("A~$.&", "A~$     &  "),
    ])
    func `a plain name is its own short name`(name: String, expected: String) {
        #expect(ShortName(exactly: name)?.bytes == Array(expected.utf8))
        #expect(ShortName(exactly: name)?.description == name)
    }

    @Test(arguments: [
        "a", "", ".A", "A.", "123456789", "A.1234", "A.B.C", "A B", "Ä", "A+B", "A,B",
    ])
    func `other names are no short names`(name: String) {
        #expect(ShortName(exactly: name) == nil)
    }

    @Test func `the checksum equals that of a known entry`() {
        // By mcopy of mtools 4.0.32 for `kernel-x86_64`.
        #expect(ShortName(exactly: "KERNEL~1")?.checksum == 0x17)
    }

    @Test(arguments: ["", "boot", "TOOLONGLABEL", "A*B", " A", "A ", "É"])
    func `a bad label is refused`(label: String) {
        #expect(VolumeLabel(label) == nil)
    }
}
