import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels for boards, on the boards that QEMU emulates.
@Suite(.needs("clang", "ld.lld", "qemu-system-aarch64"))
struct BoardTests {
    private static let board = ["--board", "raspi3"]

    /// The lines that Fixtures/kernels/raspi.c prints, in any order.
    private static func lines(at address: String) -> Set<String> {
        [
            "kernel: started at EL2", "load address: \(address)", "device tree: yes", "bss: zero",
            "screen: drawn", "mini UART: mini: white", "",
        ]
    }

    private static func run(_ arguments: [String]) async throws -> Tool.Verdict {
        try await BootSlots.shared.run {
            try await Project.bootimage.run(
                ["run", "--headless", "--timeout", "\(patience)"] + arguments)
        }
    }

    /// With and without an `Image` header, which has a load address of its own.
    @Test(arguments: [
        ([], "0x80000", "0x0000000000080000"),
        (["IMAGE_HEADER=0x80000"], "0x80000", "0x0000000000080000"),
        (["IMAGE_HEADER=0"], "0x200000", "0x0000000000200000"),
    ])
    func `run starts a kernel, and distinguishes the serial ports`(
        _ definitions: [String], _ address: String, _ text: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await RaspiKernel.build(
                definitions: definitions + ["STATUS=7"], at: address, in: folder)
            let verdict = try await Self.run([kernel.string] + Self.board)
            #expect(verdict.exitCode == 7, "\(verdict.text)")
            let lines = verdict.output.replacing("\r", with: "").split(
                separator: "\n", omittingEmptySubsequences: false)
            #expect(Set(lines.map(String.init)) == Self.lines(at: text), "\(verdict.text)")
            let card = folder.appending("bootimage-kernel.raspi3.img").string
            let again = try await Self.run([card])
            #expect(again.exitCode == 7 && again.says("load address: \(text)"), "\(again.text)")
            let grown = try await Self.run([card, "--board", "raspi3", "--no-snapshot"])
            #expect(grown.exitCode == 7, "\(grown.text)")
        }
    }

    /// The kernel out of the card, without this tool.
    @Test(.needs("mcopy"))
    func `QEMU starts the kernel8.img on a card`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await RaspiKernel.build(definitions: ["STATUS=3"], in: folder)
            let card = folder.appending("card.img").string
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--without-firmware", "-o", card] + Self.board)
            let flat = folder.appending("kernel8.img").string
            try await Tool(name: "mcopy").succeed([
                "-n", "-i", card + "@@1M", "::kernel8.img", flat,
            ])
            let verdict = try await BootSlots.shared.run {
                try await Tool(name: "timeout").run([
                    "\(patience)", "qemu-system-aarch64", "-machine", "raspi3b", "-kernel", flat,
                    "-drive", "if=sd,format=raw,snapshot=on,file=\(card)", "-display", "none",
                    "-serial", "stdio", "-semihosting-config", "enable=on,target=native",
                ])
            }
            #expect(verdict.exitCode == 3, "\(verdict.text)")
            #expect(verdict.says("kernel: started at EL2"))
        }
    }

    @Test func `each ending has its verdict`() async throws {
        try await withTemporaryFolder { folder in
            let endings = [
                ("STATUS=0", "passed"), ("STATUS=7", "failed"), ("FAULT", "unhandled-exception"),
                ("HANG", "timed-out"), ("PANIC", "guest-panic"),
            ]
            var files: [String] = []
            for (definition, _) in endings {
                files.append(
                    try await RaspiKernel.build(
                        named: "\(definition).elf", definitions: [definition], in: folder
                    ).string)
            }
            let run = try await TestRun.of(files + Self.board + ["--timeout", "20"])
            for (definition, verdict) in endings {
                let result = try #require(run.results.first { $0.name == definition })
                #expect(result.verdict == verdict, "\(result.message)")
                #expect(result.firmware == "raspi3")
                #expect(result.serial.contains("kernel: started at EL2"))
                #expect(result.serial.contains("mini: white"))
            }
        }
    }

    @Test(.needs("python3"))
    func `a screenshot shows the framebuffer`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await RaspiKernel.build(definitions: ["HANG"], in: folder)
            let picture = folder.appending("screen.png").string
            let verdict = try await BootSlots.shared.run {
                try await Project.bootimage.run(
                    [
                        "run", kernel.string, "--headless", "--timeout", "10", "--screenshot",
                        picture, "--screenshot-at", "screen: drawn",
                    ] + Self.board)
            }
            #expect(verdict.exitCode == 124, "\(verdict.text)")
            // Width, height, and a pixel in either half.
            let text = try await Tool(name: "python3").succeed(["-c", Self.readPNG, picture]).output
            #expect(text == "320 200 (192, 64, 32) (255, 255, 255)\n", "\(text)")
        }
    }

    /// Reads the unfiltered pixels of a PNG with 8 bits for each of red, green and blue (PNG,
    /// "Filtering").
    private static let readPNG = """
        import struct, sys, zlib
        data = open(sys.argv[1], "rb").read()
        place, body = 8, b""
        while place < len(data):
            size, kind = struct.unpack(">I4s", data[place:place + 8])
            chunk = data[place + 8:place + 8 + size]
            if kind == b"IHDR":
                width, height, depth, color = struct.unpack(">IIBB", chunk[:10])
                assert (depth, color) in [(8, 2), (8, 6)]
            body += chunk if kind == b"IDAT" else b""
            place += 12 + size
        unit = 3 if color == 2 else 4
        raw, rows, above = zlib.decompress(body), [], bytes(width * unit)
        for y in range(height):
            line = raw[y * (width * unit + 1):(y + 1) * (width * unit + 1)]
            row = bytearray(line[1:])
            for i in range(len(row)):
                a = row[i - unit] if i >= unit else 0
                b, c = above[i], above[i - unit] if i >= unit else 0
                p = a + b - c
                nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                row[i] = (row[i] + [0, a, b, (a + b) // 2, nearest][line[0]]) % 256
            rows.append(row)
            above = row
        at = lambda x: tuple(rows[100][x * unit:x * unit + 3])
        print(width, height, at(10), at(310))
        """
}
