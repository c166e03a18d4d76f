import Foundation
import SystemPackage
import TestSupport
import Testing

/// Disks that are not what the builder wrote: a message that names the fault, then the end that
/// boot.json asks for; never a hang, never a reset.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct DamagedDiskTests {
    /// A field of the payload header, what it is set to, and what the loader says.
    struct PayloadDamage: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var offset: Int
        var value: UInt64
        var message: String
    }

    /// The first entry is the kernel's: kind, sector, length.
    private static let header = 1 << 20
    private static let (kind, firstSector, length) = (32, 40, 48)

    static let damages = [
        PayloadDamage(
            testDescription: "no kernel", offset: kind, value: 7,
            message: "bootimage: kernel: not in the image\n"),
        PayloadDamage(
            testDescription: "a kernel of no byte", offset: length, value: 0,
            message: "bootimage: kernel: shorter than an ELF header: 0, allowed 64\n"),
        PayloadDamage(
            testDescription: "a kernel that is cut off", offset: length, value: 100,
            message: "bootimage: kernel: a range reaches beyond the file's end: 0x"),
        PayloadDamage(
            testDescription: "a kernel longer than memory", offset: length, value: 1 << 40,
            message: "bootimage: memory: no free run of this many bytes: 1099511627776\n"),
        PayloadDamage(
            testDescription: "a kernel longer than any address", offset: length, value: ~0,
            message: "bootimage: memory: no free run of this many bytes: 18446744073709551615\n"),
        PayloadDamage(
            testDescription: "a kernel beyond the disk's end", offset: firstSector, value: 1 << 24,
            message: "bootimage: disk: cannot be read; int 13h status: 0x"),
        PayloadDamage(
            testDescription: "a kernel beyond any disk's end", offset: firstSector,
            value: ~0, message: "bootimage: "),
        PayloadDamage(
            testDescription: "a kernel that begins in the header", offset: firstSector, value: 2048,
            message: "bootimage: kernel: not an ELF file: 0x544f4f42, allowed 0x464c457f\n"),
    ]

    @Test(arguments: damages)
    func `a payload header with a right checksum and a wrong field is told`(
        _ damage: PayloadDamage
    ) async throws {
        try await Self.withImage(for: .bios) { image, _ in
            var bytes = try Data(contentsOf: URL(filePath: image.string))
            Self.set(damage.value, at: Self.header + damage.offset, in: &bytes)
            Self.renewChecksum(of: &bytes)
            try bytes.write(to: URL(filePath: image.string))
            try await Self.expectRefusal(image, on: .bios, saying: damage.message)
        }
    }

    /// boot.json lies behind the kernel: it is the first file that is missed, and so the loader
    /// halts.
    @Test(arguments: Firmware.allCases)
    func `a disk that ends in the kernel is told`(_ firmware: Firmware) async throws {
        try await Self.withImage(for: firmware) { image, kernel in
            let bytes = try Data(contentsOf: URL(filePath: image.string))
            let start = try #require(bytes.range(of: kernel.prefix(64))).lowerBound
            try bytes.prefix((start + kernel.count / 2) & ~0xFFF)
                .write(to: URL(filePath: image.string))
            let subject = firmware == .bios ? "disk" : "boot.json"
            try await Self.expectHalt(image, on: firmware, saying: "\(subject): cannot be read")
        }
    }

    /// A sector of the kernel that cannot be read, which `blkdebug` makes of any.
    @Test func `a disk that cannot be read is told on UEFI`() async throws {
        try await Self.withImage(for: .uefi) { image, kernel in
            let bytes = try Data(contentsOf: URL(filePath: image.string))
            let start = try #require(bytes.range(of: kernel.prefix(64))).lowerBound
            let sector = start / 512 + 200
            let fault = "file.inject-error.0.event=read_aio,file.inject-error.0.errno=5"
            let machine = MachineTests.Hardware("virtio", "-device virtio-blk-pci,drive=disk")
            let result = try await machine.boot(
                image, on: .uefi, faults: "\(fault),file.inject-error.0.sector=\(sector)")
            result.expect("bootimage: kernel: cannot be read; status: 0x")
            #expect(result.exitCode == 43, "\(result.serial)")
        }
    }

    /// What is done to the allocation tables of a UEFI image, entry by entry of the kernel's chain.
    enum ChainDamage: String, CaseIterable {
        case endsEarly, isFree, isBad, leadsNowhere, leadsBack

        /// The entry of the kernel's second cluster, whose number is `cluster`.
        func entry(_ cluster: UInt32) -> UInt32 {
            switch self {
            case .endsEarly: 0x0FFF_FFFF
            case .isFree: 0
            case .isBad: 0x0FFF_FFF7
            case .leadsNowhere: 0x0FF0_0000
            case .leadsBack: cluster - 1
            }
        }
    }

    @Test(arguments: ChainDamage.allCases)
    func `a kernel whose cluster chain is damaged is told`(_ damage: ChainDamage) async throws {
        try await Self.withImage(for: .uefi) { image, kernel in
            var bytes = try Data(contentsOf: URL(filePath: image.string))
            let volume = FATVolumeReader(bytes, start: 1 << 20)
            let start = try #require(bytes.range(of: kernel.prefix(64))).lowerBound
            let cluster = volume.cluster(at: start) + 1
            for offset in volume.entryOffsets(of: cluster) {
                withUnsafeBytes(of: damage.entry(cluster).littleEndian) {
                    bytes.replaceSubrange(offset..<offset + 4, with: $0)
                }
            }
            try bytes.write(to: URL(filePath: image.string))
            try await Self.expectRefusal(image, on: .uefi, saying: "bootimage: kernel: ")
        }
    }

    /// Builds an image of a kernel of 200 KiB, with a boot.json that ends QEMU after a failure.
    private static func withImage(
        for firmware: Firmware, _ body: (_ image: FilePath, _ kernel: Data) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let path = try await SampleKernel(source: "contract.c", shape: .higherHalf)
                .build(in: folder)
            var kernel = try Data(contentsOf: URL(filePath: path.string))
            kernel += Data((0..<200 << 10).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            try kernel.write(to: URL(filePath: path.string))
            let settings = folder.appending("boot.json").string
            try Data(#"{"on_failure": 21}"#.utf8).write(to: URL(filePath: settings))
            let image = folder.appending("image")
            try await Project.bootimage.succeed([
                "build", path.string, "--firmware", firmware.rawValue, "-o", image.string,
                "--boot-config", settings,
            ])
            try await body(image, kernel)
        }
    }

    private static func expectRefusal(
        _ image: FilePath, on firmware: Firmware, saying message: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let result = try await boot(image, on: firmware)
        result.expect(message, sourceLocation: sourceLocation)
        #expect(result.exitCode == 43, "\(result.serial)", sourceLocation: sourceLocation)
    }

    private static func expectHalt(
        _ image: FilePath, on firmware: Firmware, saying message: String
    ) async throws {
        try await withTemporaryFolder { folder in
            try await Machine.running(image, on: firmware, folder: folder) { machine in
                try await machine.poll { machine.serial.contains("bootimage: \(message)") }
            }
        }
    }

    private static func set(_ value: UInt64, at offset: Int, in bytes: inout Data) {
        withUnsafeBytes(of: value.littleEndian) {
            bytes.replaceSubrange(offset..<offset + 8, with: $0)
        }
    }

    /// CRC-32 of the header's sector, its own field counted as zero (Bootloader/README.md).
    private static func renewChecksum(of bytes: inout Data) {
        let field = header + 16..<header + 20
        bytes.replaceSubrange(field, with: [0, 0, 0, 0])
        var crc: UInt32 = ~0
        for byte in bytes[header..<header + 512] {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
        withUnsafeBytes(of: (~crc).littleEndian) { bytes.replaceSubrange(field, with: $0) }
    }
}
