import SystemPackage
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import GuestKit
@testable import Settings

/// `bootimage.toml`: its keys, their values and the errors in it.
struct SettingsFileTests {
    private static let everyKey = """
        # settings
        build-command = ["make", "kernel"]
        kernel = "out/kernel.elf"
        ramdisk = "/r"
        boot-config = "boot.json"
        keep-debug-info = true
        firmware = "uefi"
        sector-size = 4096
        esp-fat = 16
        format = ["raw", "vhd"]
        compress = "xz"
        sign-key = "keys/db.key"
        sign-cert = "keys/db.pem"
        output-directory = "images"
        name = "demo"
        run-command = ["qemu", "-hda", "{}"]
        run-args = ["-m", "1G"]
        headless = true
        direct = true
        memory = "1g"
        cpus = 2
        machine = "pc"
        disk = "usb"
        tests = ["t1", "/t2"]
        test-args = []
        test-success-exit-code = 33
        test-timeout = 20
        test-no-reboot = false
        esp-size = "64MiB"
        image-size = "1GiB"
        volume-label = "DATA"
        command-line = "quiet"
        modules = ["a", "/b=c d"]
        protocol = "limine"
        board = "raspi4"
        firmware-directory = "boot"
        [raspi]
        config = ["gpu_mem=32", "a"]
        [files]
        "a/b.txt" = "b.txt"
        [directories]
        "docs" = "/d"
        [[partition]]
        name = "root"
        file-system = "ext4"
        source = "tree"
        [[partition]]
        name = "swap"
        type = "swap"
        size = "16MiB"
        """

    @Test func `every key has its value`() throws {
        let file = try SettingsFile(Self.everyKey, path: "/p/bootimage.toml")
        #expect(
            file.entries.mapValues(\.value) == [
                .buildCommand: .words(["make", "kernel"]), .kernel: .path("/p/out/kernel.elf"),
                .commandLine: .word("quiet"),
                .modules: .modules([
                    .init(path: "/p/a"), .init(path: "/b", string: "c d"),
                ]),
                .bootProtocol: .word("limine"), .board: .word("raspi4"),
                .firmwareDirectory: .path("/p/boot"), .raspi: .raspi(["gpu_mem=32", "a"]),
                .ramdisk: .path("/r"), .bootConfig: .path("/p/boot.json"),
                .keepDebugInfo: .flag(true), .firmware: .word("uefi"),
                .sectorSize: .number(4096), .espFAT: .number(16),
                .format: .words(["raw", "vhd"]), .compress: .word("xz"),
                .signKey: .path("/p/keys/db.key"), .signCert: .path("/p/keys/db.pem"),
                .outputDirectory: .path("/p/images"), .name: .word("demo"),
                .runCommand: .words(["qemu", "-hda", "{}"]), .runArgs: .words(["-m", "1G"]),
                .headless: .flag(true), .direct: .flag(true), .memory: .word("1G"),
                .cpus: .number(2),
                .machine: .word("pc"), .disk: .word("usb"), .testArgs: .words([]),
                .tests: .words(["/p/t1", "/t2"]),
                .testSuccessExitCode: .number(33), .testTimeout: .number(20),
                .testNoReboot: .flag(false), .volumeLabel: .word("DATA"),
                .files: .files([ExtraFile(destination: "a/b.txt", source: "/p/b.txt")]),
                .directories: .files([ExtraFile(destination: "docs", source: "/d")]),
                .espSize: .size(.mebibytes(64)), .imageSize: .size(.mebibytes(1024)),
                .partition: .partitions([
                    PartitionRequest(name: "root", fileSystem: .ext4, source: "/p/tree"),
                    PartitionRequest(name: "swap", type: .swap, size: .mebibytes(16)),
                ]),
            ])
        #expect(Set(file.entries.keys) == Set(SettingKey.allCases))
        #expect(file.entries[.buildCommand]?.line == 2 && file.entries[.files]?.line == 39)
    }

    @Test(arguments: [
        ("\nrun-arg = []", 2, "unknown key “run-arg”; did you mean “run-args”?"),
        ("[file]\na = \"b\"", 1, "did you mean “files”?"),
        ("zebra-crossing = 1", 1, "unknown key “zebra-crossing”"),
        ("name = 4", 1, "“name” is 4; it must be a string"),
        ("kernel = true", 1, "a path (a string)"), ("headless = 1", 1, "true or false"),
        ("firmware = \"efi\"", 1, "“bios” or “uefi”"), ("esp-fat = 13", 1, "12 or 16 or 32"),
        ("esp-fat = 16.0", 1, "12 or 16 or 32"), ("sector-size = \"512\"", 1, "512 or 4096"),
        ("format = \"raw\"", 1, "an array of any of “raw”, “qcow2”"),
        ("format = [\"iso9660\"]", 1, "“vhd”"), ("compress = \"gzip\"", 1, "“gz”"),
        ("test-timeout = -1", 1, "1…1000000"), ("test-timeout = 0", 1, "1…1000000"),
        ("test-success-exit-code = 256", 1, "0…255"),
        ("run-args = \"-m\"", 1, "an array of strings"),
        ("run-args = [1]", 1, "an array of strings"), ("files = []", 1, "a table of paths"),
        ("[files]\na = 1", 1, "a table of paths"),
        ("esp-size = 64", 1, "with its unit (a string), such as “64MiB”"),
        ("image-size = \"64\"", 1, "with its unit"), ("esp-size = \"99999999TiB\"", 1, "a size"),
        ("partition = 1", 1, "under [[partition]]"), ("partition = [1]", 1, "1 is 1; it must be a"),
        ("[[partition]]\nsize = \"1MiB\"", 2, "partition 1 has no name"),
        ("[[partition]]\n\nname = \"a\"", 3, "neither size nor source"),
        ("[[partition]]\nname = 1", 2, "a string"),
        ("[[partition]]\nsize = \"1 MB\"", 2, "with its unit"),
        ("[[partition]]\ntype = \"linux\"", 2, "“swap”, “esp” or a GUID"),
        (
            "[[partition]]\ntype = \"00000000-0000-0000-0000-000000000000\"", 2, "or a GUID"
        ),
        ("[[partition]]\nfile-system = \"ntfs\"", 2, "“btrfs” or “xfs”"),
        ("[[partition]]\nlabel = \"a\"", 2, "allowed: name, type, size, file-system, source"),
        ("name = \"n\"\nkernel = = 2", 2, "missing value"),
        ("name = \"a\"\nname = \"b\"", 2, "“name” is already defined"),
        ("name = \"a", 1, "unterminated string"),
    ])
    func `an error is reported with its line`(_ text: String, _ line: Int, _ words: String) throws {
        let error = try #require(throws: SettingsError.self) {
            try SettingsFile(text, path: "p/bootimage.toml")
        }
        #expect("\(error)".hasPrefix("p/bootimage.toml:\(line): "), "\(error)")
        #expect("\(error)".contains(words), "\(error)")
    }

    @Test func `the environment overrides the file, and the file the defaults`() throws {
        let file = try SettingsFile("test-timeout = 20\nesp-fat = 12", path: "f.toml")
        let variables = [
            "BOOTIMAGE_TEST_TIMEOUT": "5", "BOOTIMAGE_ESP_FAT": "", "BOOTIMAGE_RUN_ARGS": "-m  1G",
            "BOOTIMAGE_HEADLESS": "1", "BOOTIMAGE_NAME": "n", "BOOTIMAGE_KERNEL": "k",
        ]
        let settings = try Settings(file: file) { variables[$0] }
        #expect(settings.number(.testTimeout) == 5)
        #expect(settings[.testTimeout]?.origin == .environment("BOOTIMAGE_TEST_TIMEOUT"))
        #expect(settings.number(.espFAT) == 12)
        #expect(settings[.espFAT]?.origin == .file("f.toml", line: 2))
        #expect(settings.flag(.testNoReboot) && settings.flag(.headless))
        #expect(settings[.testNoReboot]?.origin == .byDefault)
        #expect(settings.words(.runArgs) == ["-m", "1G"])
        #expect(settings.word(.name) == "n" && settings.path(.kernel) == "k")
        #expect(settings[.sectorSize] == nil)
    }

    @Test(
        arguments: [
            ("BOOTIMAGE_FIRMWARE", "efi", .firmware), ("BOOTIMAGE_ESP_FAT", "x", .espFAT),
            ("BOOTIMAGE_HEADLESS", "yes", .headless),
            ("BOOTIMAGE_TEST_TIMEOUT", "-1", .testTimeout),
        ] as [(String, String, SettingKey)])
    func `a variable with a bad value is named`(
        _ name: String, _ value: String, _ key: SettingKey
    ) throws {
        let error = SettingsError.variable(name, found: value, allowed: key.kind)
        #expect(throws: error) { try Settings(file: nil) { $0 == name ? value : nil } }
        #expect("\(error)".hasPrefix("\(name) is “\(value)”; it must be "))
    }

    @Test(arguments: SettingKey.allCases)
    func `printed settings can be read again`(_ key: SettingKey) throws {
        let settings = try Settings(file: nil) { _ in nil }
        guard let value = settings[key]?.value else { return }
        let text = "\(key.rawValue) = \(value.toml)"
        #expect(try SettingsFile(text, path: "f").entries[key]?.value == value)
    }

    @Test func `a board has settings of its own, and none of a loader's`() throws {
        let file = try SettingsFile(
            """
            board = "raspi4"
            firmware-directory = "boot"
            boot-config = "b"
            modules = ["m"]
            protocol = "limine"
            keep-debug-info = true
            sign-key = "k"
            esp-size = "64MiB"
            sector-size = 4096
            volume-label = "CARD"
            files = { f = "g" }
            [raspi]
            config = ["a=1"]
            """, path: "p/f")
        let settings = try Settings(file: file) { _ in nil }
        var options = BuildOptions(content: KernelContent(kernel: "k"))
        let card = settings.filling(options)
        #expect(card.board == .raspi4 && card.firmwareDirectory == "p/boot")
        #expect(card.boardConfiguration == ["a=1"] && card.volumeLabel == "CARD")
        #expect(card.content.extraFiles == [ExtraFile(destination: "f", source: "p/g")])
        #expect(try BuildPlan(card).outputs.map(\.path) == ["bootimage-k.raspi4.img"])
        options.omitsFirmware = true
        #expect(settings.filling(options).firmwareDirectory == nil)
        options = BuildOptions(content: KernelContent(kernel: "k"), kinds: [.uefi])
        let uefi = settings.filling(options)
        #expect(uefi.board == nil && uefi.firmwareDirectory == nil && uefi.content.modules != [])
        #expect(uefi.signKey == "p/k" && uefi.sectorSize == .bytes4096)
        // A board has other memory than these defaults.
        #expect(settings.filling(MachineRequest()).memory == nil)
    }

    @Test func `options override settings, which apply only where they make sense`() throws {
        let file = try SettingsFile(
            """
            sector-size = 4096
            esp-fat = 16
            name = "demo"
            ramdisk = "r"
            command-line = "quiet"
            modules = ["m", "n=a=b"]
            files = { f = "g" }
            """, path: "f")
        let settings = try Settings(file: file) { _ in nil }
        var options = BuildOptions(content: KernelContent(kernel: "k"), kinds: [.bios])
        let bios = settings.fillingWithPlaces(options)
        #expect(bios.sectorSize == nil && bios.espFAT == nil && bios.content.extraFiles == [])
        #expect(bios.content.ramdisk == "r" && bios.name == "demo")
        #expect(bios.content.commandLine == "quiet")
        #expect(bios.content.modules == [.init(path: "m"), .init(path: "n", string: "a=b")])
        options.kinds = []
        options.pxeDirectory = "served"
        let served = settings.fillingWithPlaces(options)
        #expect(served.espFAT == nil && served.kinds == [] && served.content.extraFiles != [])
        #expect(try BuildPlan(served).outputs.isEmpty)
        options.pxeDirectory = nil
        options.kinds = [.uefi]
        options.espFAT = .fat32
        options.output = "o"
        let uefi = settings.fillingWithPlaces(options)
        #expect(uefi.sectorSize == .bytes4096 && uefi.espFAT == .fat32 && uefi.name == nil)
        #expect(uefi.content.extraFiles == [ExtraFile(destination: "f", source: "g")])
    }
}
