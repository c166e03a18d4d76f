import SystemPackage
import Testing

@testable import ELFKit
@testable import FlashKit
@testable import HostSystem
@testable import bootimage

/// Why a device of a made-up machine is not written to.
struct FlashRefusalTests {
    /// What is done to the machine with a stick, and what is then said.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var change: @Sendable (MadeUpMachine) throws -> Void
        var refusal: FlashRefusal?
        /// What is in the line.
        var words: [String]
        var status = Failure.Status.cannotCreateOutput
        /// The device whose file system has the image.
        var image = DeviceNumber(8, 1)

        init(
            _ description: String, _ refusal: FlashRefusal?, _ words: String...,
            status: Failure.Status = .cannotCreateOutput,
            change: @escaping @Sendable (MadeUpMachine) throws -> Void
        ) {
            testDescription = description
            (self.refusal, self.words, self.change, self.status) = (refusal, words, change, status)
        }
    }

    static let cases = [
        Case("a stick that nobody uses", nil) { _ in },
        Case(
            "a mounted partition", .mounted("sdb1", at: "/media/my stick"), "umount /media/my stick"
        ) { try $0.mount("8:17", #"/media/my\040stick"#) },
        Case("a mounted disk", .mounted("sdb", at: "/mnt"), "umount /mnt") {
            try $0.mount("8:16", "/mnt")
        },
        Case(
            "a file system over several devices, which has another number",
            .mounted("sdb1", at: "/data"), "umount /data"
        ) { try $0.mount("0:51", "/data", source: "/dev/sdb1") },
        Case("the running system", .holdsSystem("sdb1"), "holds the running system", "sdb1") {
            try $0.mount("8:17", "/boot")
            try $0.mount("8:17", "/")
        },
        Case("swap", .swap("sdb1"), "swapoff /dev/sdb1") {
            try $0.put("proc/swaps", "Filename\tType\n/dev/sdb1   partition  1  0  -2\n")
        },
        Case(
            "a logical volume", .held("sdb1", by: "vg-dm-0", what: "LVM"), "LVM",
            "vgchange --activate n"
        ) { try $0.holder(of: "sdb/sdb1", "dm-0", "254:0", uuid: "LVM-abc") },
        Case(
            "an opened LUKS volume", .held("sdb", by: "vg-dm-0", what: "crypt"),
            "cryptsetup close vg-dm-0"
        ) { try $0.holder(of: "sdb", "dm-0", "254:0", uuid: "CRYPT-LUKS2-abc") },
        Case("a RAID", .held("sdb1", by: "md0", what: "RAID"), "mdadm --stop /dev/md0") {
            try $0.holder(of: "sdb/sdb1", "md0", "9:0", uuid: nil)
        },
        Case(
            "the running system on a logical volume", .holdsSystem("dm-1"), "dm-1 is mounted at /"
        ) {
            try $0.holder(of: "sdb/sdb1", "dm-0", "254:0", uuid: "CRYPT-LUKS2-abc")
            try $0.holder(of: "dm-0", "dm-1", "254:1", uuid: "LVM-abc")
            try $0.mount("254:1", "/")
        },
        Case("the image", .holdsImage, "holds the image itself") { try $0.mount("7:99", "/x") }
            .imageOn(DeviceNumber(8, 17)),
        Case("the image as the device itself", .holdsImage, "holds the image itself") { _ in }
            .imageOn(DeviceNumber(8, 16)),
        Case("the image behind a loop device", .holdsImage, "holds the image itself") {
            try $0.put("sys/block/sdb/loop/backing_file", "/images/kernel.img\n")
        },
        Case("one that is read-only", .readOnly, "read-only", "blockdev --setrw") {
            try $0.put("sys/block/sdb/ro", "1\n")
        },
        Case(
            "one that is fixed", .fixed(model: "SanDisk Ultra"), "not removable (SanDisk Ultra)",
            "--allow-fixed-disk", status: .usage
        ) { try $0.put("sys/block/sdb/removable", "0\n") },
        Case(
            "other sectors", .sectors(device: 4096, image: 512), "sectors of 4096 bytes",
            "--sector-size 4096"
        ) { try $0.put("sys/block/sdb/queue/logical_block_size", "4096\n") },
        Case(
            "one sector too few", .tooSmall(device: 4095 * 512, image: 2 << 20),
            "2096640 bytes, and the image has 2097152"
        ) { try $0.put("sys/block/sdb/size", "4095\n") },
        Case("just as long as the image", nil) { try $0.put("sys/block/sdb/size", "4096\n") },
        Case("an empty card reader", .empty, "no medium") {
            try $0.put("sys/block/sdb/size", "0\n")
        },
        Case("an optical drive", .optical, "optical", status: .usage) {
            try $0.put("sys/block/sdb/device/type", "5\n")
        },
        Case("what is made of a disk", .madeOf(["sda2"]), "made of sda2", status: .usage) {
            try $0.put("sys/block/sdb/slaves/sda2", "")
        },
    ]

    @Test(arguments: cases)
    func `the reason is told`(_ example: Case) async throws {
        try await MadeUpMachine.with { machine in
            try example.change(machine)
            let device = try #require(machine.tree.device(MadeUpMachine.stick))
            let image = FlashImage.Facts(
                byteCount: 2 << 20, sectorByteCount: 512, numbers: [example.image],
                realPath: "/images/kernel.img")
            let refusal = FlashRefusal.first(of: device, .init(image: image))
            #expect(refusal == example.refusal)
            guard let failure = refusal?.failure("/dev/sdb") else { return }
            #expect(failure.status == example.status)
            #expect(failure.message.hasPrefix("/dev/sdb: "))
            #expect(failure.message.hasSuffix("; nothing was written"))
            for word in example.words { #expect(failure.message.contains(word)) }
        }
    }

    @Test func `a partition is told with its disk`() async throws {
        try await MadeUpMachine.with { machine in
            let device = try #require(machine.tree.device(DeviceNumber(8, 17)))
            let refusal = FlashRefusal.first(of: device, .init())
            #expect(refusal == .partition(of: "sdb"))
            let failure = try #require(refusal?.failure("/dev/sdb1"))
            #expect(failure.status == .usage && failure.message.contains("name /dev/sdb;"))
        }
    }

    @Test func `a fixed disk is allowed where that is said`() async throws {
        try await MadeUpMachine.with { machine in
            try machine.put("sys/block/sdb/removable", "0\n")
            let device = try #require(machine.tree.device(MadeUpMachine.stick))
            #expect(FlashRefusal.first(of: device, .init(allowsFixedDisk: true)) == nil)
        }
    }

    @Test func `the list begins with what can be written`() async throws {
        try await MadeUpMachine.with { machine in
            try machine.disk("sda", "8:0", sectors: 4_000_000)
            try machine.disk("sdc", "8:32", sectors: 0)
            try machine.put("sys/block/sdb/device/serial", "A1\n")
            let text = FlashCandidates(machine.tree.disks(), .init()).text
            let expected = """
                  device    size     model          serial
                  /dev/sdb  16.0 GB  SanDisk Ultra  A1      can be written
                  /dev/sda  2.0 GB   –              –       not: is not removable
                """
            #expect(text == expected)
        }
    }
}

extension FlashRefusalTests.Case {
    /// With the image in the file system of that device.
    fileprivate func imageOn(_ number: DeviceNumber) -> Self {
        var result = self
        result.image = number
        return result
    }
}
