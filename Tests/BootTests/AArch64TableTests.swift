import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import LoaderTables

/// What the loader for AArch64 makes of damaged descriptions of the machine.
@Suite(.needs("clang", "ld.lld", "lld-link", "mcopy", "qemu-system-aarch64", "timeout"))
struct AArch64TableTests {
    private static let port: UInt64 = 0x0900_0000

    @Test(arguments: VirtDeviceTree.Damage.allCases)
    func `a kernel starts without a port on a damaged device tree`(
        _ damage: VirtDeviceTree.Damage
    ) async throws {
        try await withTemporaryFolder { folder in
            let tree = try await VirtDeviceTree(machine: "acpi=off", in: folder)
            try await expect(
                [try write(tree.damaged(by: damage), in: folder)], port: 0, "acpi=off", in: folder)
        }
    }

    /// Lengths of the list of tables, and of the one with the port.
    @Test(arguments: [
        (list: 44, table: 80, port: port), (44, 52, port), (44, 51, 0), (44, 8, 0), (43, 80, 0),
        (8, 80, 0), (0, 80, 0),
    ])
    func `a kernel starts without a port on ACPI tables that are too short`(
        _ list: Int, _ table: Int, _ port: UInt64
    ) async throws {
        try await withTemporaryFolder { folder in
            try await expect(
                ["LIST_LENGTH=\(list)", "PORT_LENGTH=\(table)"], port: port, "acpi=on", in: folder)
        }
    }

    /// As the machines of a large cloud have one.
    @Test func `loader and kernel print on a 16550 that ACPI names`() async throws {
        try await withTemporaryFolder { folder in
            let image = try await OtherTables.image(
                ["LIST_LENGTH=44", "PORT_LENGTH=80", "PORT_OF_PCI"],
                startingWithPortAt: 0x3EFF_1000, in: folder)
            try await expectLines(of: image, "acpi=on")
        }
    }

    /// With the addresses of the bus, as on boards.
    @Test func `loader and kernel print on a 16550 that the device tree names`() async throws {
        try await withTemporaryFolder { folder in
            var tree = try await VirtDeviceTree(machine: "acpi=off,highmem=off", in: folder)
            tree.insert16550(output: "serial7:115200n8")
            let image = try await OtherTables.image(
                [try write(tree.bytes, in: folder), "PORT_OF_PCI"],
                startingWithPortAt: 0x3EFF_1000, in: folder)
            try await expectLines(of: image, "acpi=off")
        }
    }

    @Test(arguments: [
        ("serial7", 0x3EFF_1000), ("/soc/serial@7e001000:9600", 0x3EFF_1000),
        ("/soc/serial", 0x3EFF_1000), ("/pl011@9000000", port), ("/pl011", port),
        ("serial8", nil), ("/soc", nil), ("/soc/serial@7e001001", nil), ("/", nil), ("", nil),
        ("/soc/serial/x", nil), ("//", nil),
    ])
    func `stdout-path names the port`(_ output: String, _ address: UInt64?) async throws {
        try await withTemporaryFolder { folder in
            var tree = try await VirtDeviceTree(machine: "acpi=off", in: folder)
            tree.insert16550(output: output)
            let bytes = tree.bytes
            let found = GuardedMemory(byteCount: bytes.count).serialPort(in: bytes)
            #expect(found?.address.rawValue == address)
            #expect(found?.is16550 ?? false == (address == 0x3EFF_1000))
            var random = SplitMix64(state: 16)
            for _ in 0..<2000 {
                var damaged = bytes
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let index = Int.random(in: 4..<400, using: &random)
                    damaged[index] = [0, 1, 0x7F, 0xFF].randomElement(using: &random) ?? 0
                }
                _ = GuardedMemory(byteCount: bytes.count).serialPort(in: damaged)
            }
        }
    }

    /// boot.json asks for what is an exception where semihosting is off.
    @Test func `an exception is told on the screen where no port is known`() async throws {
        try await withTemporaryFolder { folder in
            let tree = try await VirtDeviceTree(machine: "acpi=off", in: folder)
            let settings = folder.appending("boot.json").string
            try Data(#"{"on_failure": 5}"#.utf8).write(to: URL(filePath: settings))
            let image = try await OtherTables.image(
                [try write(tree.damaged(by: .portIsMemory), in: folder)], startingWithPortAt: 0,
                ["--boot-config", settings], in: folder)
            try await Tool(name: "mdel").succeed(["-i", "\(image)@@1M", "::/kernel-aarch64"])
            try await Machine.running(
                image, on: .uefi, folder: folder, qemu: ["-machine", "acpi=off"]
            ) { machine in
                let message = "bootimage: the loader failed: exception 0x0, error code 0x"
                try await machine.poll { machine.serial.contains(message) }
            }
        }
    }

    @Test func `no damage has the loader read outside of a device tree`() async throws {
        try await withTemporaryFolder { folder in
            let tree = try await VirtDeviceTree(machine: "acpi=off", in: folder)
            let memory = GuardedMemory(byteCount: tree.bytes.count)
            #expect(memory.port(in: tree.bytes) == Self.port)
            #expect(memory.processors(in: tree.bytes) == [0])
            #expect(memory.nodes(withoutMemoryOf: tree.bytes)?.contains("memory@") == false)
            for damage in VirtDeviceTree.Damage.allCases {
                _ = memory.port(in: tree.damaged(by: damage).prefix(tree.bytes.count))
            }
            var random = SplitMix64(state: 8)
            for _ in 0..<20_000 {
                var bytes = tree.bytes
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    // Each second change is in the header.
                    let end = Bool.random(using: &random) ? 40 : bytes.count
                    let index = Int.random(in: 4..<end, using: &random)
                    bytes[index] = [0, 1, 0x7F, 0xFF].randomElement(using: &random) ?? 0
                }
                _ = memory.port(in: bytes)
                _ = memory.processors(in: bytes)
                _ = memory.nodes(withoutMemoryOf: bytes)
            }
        }
    }

    /// Boots an image on a machine with a pci-serial, on which loader and kernel must print.
    private func expectLines(of image: FilePath, _ property: String) async throws {
        let lines = image.removingLastComponent().appending("lines").string
        let result = try await VirtMachine(properties: ["highmem=off", property]).boot(
            image,
            qemu: [
                "-chardev", "file,id=lines,path=\(lines)", "-device", "pci-serial,chardev=lines",
            ])
        result.expectSuccess()
        let text = try String(contentsOf: URL(filePath: lines), encoding: .utf8)
        #expect(text.contains("bootimage: entry point 0x"), "\(text)")
        #expect(text.hasSuffix("Hello by the port that was found\r\n"), "\(text)")
    }

    /// The copy that kernels of arm64-image get, of whole trees and of damaged ones.
    @Test func `a device tree is packed with the command line and the RAM disk`() async throws {
        try await withTemporaryFolder { folder in
            let tree = try await VirtDeviceTree(machine: "acpi=off", in: folder)
            let memory = GuardedMemory(byteCount: tree.bytes.count)
            let packed = try #require(memory.packed(tree.bytes))
            var padded = tree.bytes + Data(count: 1 << 16)
            withUnsafeBytes(of: UInt32(padded.count).bigEndian) {
                padded.replaceSubrange(4..<8, with: $0)
            }
            #expect(GuardedMemory(byteCount: padded.count).packed(padded) == packed)
            let copy = GuardedMemory(byteCount: packed.count)
            #expect(copy.port(in: packed) == Self.port)
            #expect(copy.processors(in: packed) == [0])
            for text in ["bootargs\0", "quiet x=1\0", "linux,initrd-end\0", "stdout-path\0"] {
                #expect(packed.firstRange(of: Data(text.utf8)) != nil, "\(text)")
            }
            // Packed once more, it has the same node, and the names and reservations again.
            let twice = try #require(copy.packed(packed))
            #expect((packed.count..<packed.count + 100).contains(twice.count))
            var random = SplitMix64(state: 18)
            for _ in 0..<20_000 {
                var bytes = tree.bytes
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let end = Bool.random(using: &random) ? 60 : bytes.count
                    bytes[Int.random(in: 4..<end, using: &random)] =
                        [0, 1, 0x7F, 0xFF].randomElement(using: &random) ?? 0
                }
                _ = memory.packed(bytes)
            }
        }
    }

    private func write(_ tree: Data, in folder: FilePath) throws -> String {
        let file = folder.appending("damaged.dtb").string
        try tree.write(to: URL(filePath: file))
        return "TREE=\"\(file)\""
    }

    private func expect(
        _ definitions: [String], port: UInt64, _ properties: String, in folder: FilePath
    ) async throws {
        let image = try await OtherTables.image(
            definitions, startingWithPortAt: port, in: folder)
        let result = try await VirtMachine(properties: [properties]).boot(image)
        #expect(result.serial.contains("bootimage: ") == (port != 0), "\(result.serial)")
        result.expectSuccess()
    }
}

/// Memory that ends where nothing is mapped.
private struct GuardedMemory {
    private let end: UnsafeMutableRawPointer

    init(byteCount: Int) {
        let pageSize = 4096
        let room = (byteCount + pageSize - 1) & ~(pageSize - 1)
        let start = mmap(
            nil, room + pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start, start != MAP_FAILED,
            mprotect(start + room, pageSize, PROT_NONE) == 0
        else { fatalError("no memory") }
        end = start + room
    }

    /// What the loader finds in a tree that lies at the memory's end.
    func port(in tree: Data) -> UInt64? {
        place(tree)?.firstRegister(compatibleWith: "arm,pl011")?.rawValue
    }

    func serialPort(in tree: Data) -> DescribedSerialPort? { place(tree)?.serialPort }

    func processors(in tree: Data) -> [UInt64] {
        var found: [UInt64] = []
        place(tree)?.forEachProcessor { found.append($0) }
        return found
    }

    /// The tree's bytes as text, once the loader has removed its memory.
    func nodes(withoutMemoryOf tree: Data) -> String? {
        guard let placed = place(tree) else { return nil }
        placed.removeMemory()
        return String(decoding: placed.memory.bytes, as: UTF8.self)
    }

    /// A packed copy of the tree, in no more memory than is asked for; nil if it is not whole.
    func packed(_ tree: Data) -> Data? {
        guard let placed = place(tree), placed.isWhole else { return nil }
        var line = Array("quiet x=1\0".utf8)
        return line.withUnsafeMutableBytes { line in
            let chosen = ChosenNode(
                commandLine: Self.memory(of: line),
                ramdisk: PhysicalAddress(0x4800_0000)..<PhysicalAddress(0x4800_1000))
            let room = UnsafeMutableRawBufferPointer.allocate(
                byteCount: Int(placed.largestByteCount(with: chosen)), alignment: 8)
            defer { room.deallocate() }
            let copy = placed.pack(
                into: Self.memory(of: room), with: chosen,
                reserving: PhysicalAddress(0x4000)..<PhysicalAddress(0x5000))
            return Data(copy.bytes)
        }
    }

    private static func memory(of bytes: UnsafeMutableRawBufferPointer) -> PhysicalMemory {
        PhysicalMemory(
            PhysicalAddress(UInt64(UInt(bitPattern: bytes.baseAddress))),
            byteCount: UInt64(bytes.count))
    }

    /// A tree that says that it is longer than it is is another matter: no check can find that.
    private func place(_ tree: Data) -> DeviceTree? {
        let start = end - tree.count
        tree.copyBytes(to: UnsafeMutableRawBufferPointer(start: start, count: tree.count))
        let total = start.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        guard UInt32(bigEndian: total) <= tree.count else { return nil }
        return DeviceTree(at: PhysicalAddress(UInt64(UInt(bitPattern: start))))
    }
}
