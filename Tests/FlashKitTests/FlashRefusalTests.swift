import SystemPackage
import Testing

@testable import FlashKit

/// Why a device of a simulated machine is refused.
struct FlashRefusalTests {
    /// A change to the machine with a stick, and the refusal that follows.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var refusal: FlashRefusal?
        /// The device whose file system holds the image.
        var image = DeviceNumber(8, 1)
        var change: @Sendable (MadeUpMachine) throws -> Void

        init(
            _ description: String, _ refusal: FlashRefusal?, image: DeviceNumber = .init(8, 1),
            change: @escaping @Sendable (MadeUpMachine) throws -> Void
        ) {
            testDescription = description
            (self.refusal, self.image, self.change) = (refusal, image, change)
        }
    }

    static let cases = [
        Case("a stick that is not in use", nil) { _ in },
        Case("a mounted partition", .mounted("sdb1", at: "/media/my stick")) {
            try $0.mount("8:17", #"/media/my\040stick"#)
        },
        Case("a mounted disk", .mounted("sdb", at: "/mnt")) { try $0.mount("8:16", "/mnt") },
        Case(
            "a file system over several devices, which has another number",
            .mounted("sdb1", at: "/data")
        ) { try $0.mount("0:51", "/data", source: "/dev/sdb1") },
        Case("the running system", .holdsSystem("sdb1")) {
            try $0.mount("8:17", "/boot")
            try $0.mount("8:17", "/")
        },
        Case("swap", .swap("sdb1")) {
            try $0.put("proc/swaps", "Filename\tType\n/dev/sdb1   partition  1  0  -2\n")
        },
        Case("a logical volume", .held("sdb1", by: "vg-dm-0", what: "LVM")) {
            try $0.holder(of: "sdb/sdb1", "dm-0", "254:0", uuid: "LVM-abc")
        },
        Case("an open LUKS volume", .held("sdb", by: "vg-dm-0", what: "crypt")) {
            try $0.holder(of: "sdb", "dm-0", "254:0", uuid: "CRYPT-LUKS2-abc")
        },
        Case("a RAID", .held("sdb1", by: "md0", what: "RAID")) {
            try $0.holder(of: "sdb/sdb1", "md0", "9:0", uuid: nil)
        },
        Case("the running system on a logical volume", .holdsSystem("dm-1")) {
            try $0.holder(of: "sdb/sdb1", "dm-0", "254:0", uuid: "CRYPT-LUKS2-abc")
            try $0.holder(of: "dm-0", "dm-1", "254:1", uuid: "LVM-abc")
            try $0.mount("254:1", "/")
        },
        Case("the image", .holdsImage, image: DeviceNumber(8, 17)) { try $0.mount("7:99", "/x") },
        Case("the image as the device itself", .holdsImage, image: DeviceNumber(8, 16)) { _ in },
        Case("the image behind a loop device", .holdsImage) {
            try $0.put("sys/block/sdb/loop/backing_file", "/elsewhere/hard-link.img\n")
            try $0.put("dev/sdb", "8:1 12 -")
        },
        Case("a loop device of a partition", .held("sdb1", by: "loop0", what: "loop device")) {
            try $0.loop("loop0", "7:0", fileSystem: "0:6", device: "8:17")
        },
        Case("a mounted loop device of a partition", .mounted("loop0", at: "/mnt")) {
            try $0.loop("loop0", "7:0", fileSystem: "0:6", device: "8:17")
            try $0.mount("7:0", "/mnt")
        },
        Case("a mounted partition of a loop device of the disk", .mounted("loop0p1", at: "/mnt")) {
            try $0.loop("loop0", "7:0", fileSystem: "0:6", device: "8:16")
            try $0.partition("loop0", "loop0p1", "259:0")
            try $0.mount("259:0", "/mnt")
        },
        Case(
            "a loop device of a file on the disk", .held("sdb1", by: "loop0", what: "loop device")
        ) { try $0.loop("loop0", "7:0", fileSystem: "8:17") },
        Case(
            "the running system: LVM on a loop device of a file in LVM on the disk",
            .holdsSystem("dm-1")
        ) {
            try $0.holder(of: "sdb/sdb1", "dm-0", "254:0", uuid: "LVM-a")
            try $0.loop("loop0", "7:0", fileSystem: "254:0")
            try $0.loop("loop1", "7:1", fileSystem: "0:6", device: "7:0")
            try $0.holder(of: "loop1", "dm-1", "254:1", uuid: "LVM-b")
            try $0.mount("254:1", "/")
        },
        Case("the image in a loop device of a file on the disk", .holdsImage, image: .init(7, 0)) {
            try $0.loop("loop0", "7:0", fileSystem: "8:17")
        },
        Case("another loop device of the same file", .mounted("loop0", at: "/mnt")) {
            try $0.put("sys/block/sdb/loop/backing_file", "/a\n")
            try $0.put("dev/sdb", "8:1 5 -")
            try $0.loop("loop0", "7:0", fileSystem: "8:1", inode: 5)
            try $0.mount("7:0", "/mnt")
        },
        Case("a loop device of other disks", nil) {
            try $0.loop("loop0", "7:0", fileSystem: "8:1")
            try $0.loop("loop1", "7:1", fileSystem: "0:6", device: "8:1")
            try $0.loop("loop2", "7:2", fileSystem: "0:6", device: "7:1")
            try $0.mount("7:2", "/mnt")
        },
        Case("a loop device of a partition as the device", .madeOf(["sda1"])) {
            try $0.disk("sda", "8:0", sectors: 2048)
            try $0.partition("sda", "sda1", "8:1")
            try $0.put("sys/block/sdb/loop/backing_file", "/dev/sda1\n")
            try $0.put("dev/sdb", "0:6 1 8:1")
        },
        Case("a read-only disk", .readOnly) { try $0.put("sys/block/sdb/ro", "1\n") },
        Case("a fixed disk", .fixed(model: "SanDisk Ultra")) {
            try $0.put("sys/block/sdb/removable", "0\n")
        },
        Case("another sector size", .sectors(device: 4096, image: 512)) {
            try $0.put("sys/block/sdb/queue/logical_block_size", "4096\n")
        },
        Case("one sector too few", .tooSmall(device: 4095 * 512, image: 2 << 20)) {
            try $0.put("sys/block/sdb/size", "4095\n")
        },
        Case("as long as the image", nil) { try $0.put("sys/block/sdb/size", "4096\n") },
        Case("an empty card reader", .empty) { try $0.put("sys/block/sdb/size", "0\n") },
        Case("an optical drive", .optical) { try $0.put("sys/block/sdb/device/type", "5\n") },
        Case("a device made of a disk", .madeOf(["sda2"])) {
            try $0.put("sys/block/sdb/slaves/sda2", "")
        },
    ]

    @Test(arguments: cases)
    func `a device in use or of the wrong kind is refused`(_ example: Case) async throws {
        try await MadeUpMachine.with { machine in
            try example.change(machine)
            let device = try #require(machine.tree.device(MadeUpMachine.stick))
            let image = FlashImage.Facts(
                byteCount: 2 << 20, sectorByteCount: 512, numbers: [example.image],
                file: LoopFile(fileSystem: DeviceNumber(8, 1), inode: 12))
            #expect(FlashRefusal.first(of: device, .init(image: image)) == example.refusal)
        }
    }

    @Test func `a partition is refused with its disk`() async throws {
        try await MadeUpMachine.with { machine in
            let device = try #require(machine.tree.device(DeviceNumber(8, 17)))
            #expect(FlashRefusal.first(of: device, .init()) == .partition(of: "sdb"))
        }
    }

    @Test func `a fixed disk is accepted if it is allowed`() async throws {
        try await MadeUpMachine.with { machine in
            try machine.put("sys/block/sdb/removable", "0\n")
            let device = try #require(machine.tree.device(MadeUpMachine.stick))
            #expect(FlashRefusal.first(of: device, .init(allowsFixedDisk: true)) == nil)
        }
    }
}
