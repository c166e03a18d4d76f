import Testing

@testable import DiskImage

/// What the firmware of Raspberry Pis reads.
struct BoardTests {
    private static let text = """
        # a comment
        kernel=first.img\r
        [pi4]
          kernel=four.img
        [pi3]
        kernel=three.img
        [gpio4=1]
        kernel=pressed.img
        [all]
        enable_uart = 1
        initramfs ramdisk followkernel

        """

    @Test(arguments: [
        (Board.raspi3, "three.img"), (.raspi4, "four.img"), (.raspi5, "first.img"),
    ])
    func `filters of models are followed`(_ board: Board, _ kernel: String) {
        let configuration = BoardConfiguration(Array(Self.text.utf8))
        #expect(configuration.value(of: "kernel", on: board) == kernel)
        #expect(configuration.value(of: "cmdline", on: board) == nil)
        #expect(configuration.has("initramfs") && !configuration.has("init"))
    }

    @Test func `a file is read as it is written`() {
        let lines = ["arm_64bit=1", "", "kernel=kernel8.img"]
        let configuration = BoardConfiguration(lines: lines)
        #expect(BoardConfiguration(configuration.bytes) == configuration)
        #expect(BoardConfiguration(Array("a\nb".utf8)).lines == ["a", "b"])
        #expect(BoardConfiguration([0xFF, 0x0A, 0x00]).lines == ["\u{FFFD}", "\0"])
    }

    @Test(
        arguments: [
            (Board.raspi3, ["START.ELF", "bootcode.bin", "fixup.dat"], []),
            (.raspi3, ["start4.elf", "bootcode.bin"], ["start.elf", "fixup.dat"]),
            (.raspi4, ["start4.elf", "fixup4.dat"], []),
            (.raspi5, ["bcm2712-rpi-5-b.dtb"], []),
            (
                .raspi5, ["bcm2711-rpi-4-b.dtb", "bcm2712-.dtb.bak", "bcm2712.dtb"],
                ["bcm2712-*.dtb"]
            ),
        ] as [(Board, [String], [String])])
    func `a board has files of its own`(
        _ board: Board, _ names: [String], _ missing: [String]
    ) {
        #expect(board.missingFiles(among: names) == missing)
    }
}
