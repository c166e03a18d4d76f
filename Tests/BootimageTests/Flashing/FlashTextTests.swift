import SystemPackage
import Testing

@testable import FlashKit
@testable import HostSystem
@testable import bootimage

/// Refusals and lists of devices, as a person reads them.
struct FlashTextTests {
    @Test(
        arguments: [
            (.mounted("sdb1", at: "/mnt"), "umount /mnt", .cannotCreateOutput),
            (.holdsSystem("sdb1"), "holds the running system", .cannotCreateOutput),
            (.swap("sdb1"), "swapoff /dev/sdb1", .cannotCreateOutput),
            (.held("sdb1", by: "v", what: "LVM"), "vgchange --activate n", .cannotCreateOutput),
            (.held("sdb", by: "v", what: "crypt"), "cryptsetup close v", .cannotCreateOutput),
            (.held("sdb", by: "md0", what: "RAID"), "mdadm --stop /dev/md0", .cannotCreateOutput),
            (
                .held("sdb1", by: "loop0", what: "loop device"), "losetup --detach /dev/loop0",
                .cannotCreateOutput
            ),
            (.holdsImage, "holds the image itself", .cannotCreateOutput),
            (.readOnly, "blockdev --setrw", .cannotCreateOutput),
            (.fixed(model: "SanDisk Ultra"), "not removable (SanDisk Ultra)", .usage),
            (.fixed(model: nil), "--allow-fixed-disk", .usage),
            (.sectors(device: 4096, image: 512), "--sector-size 4096", .cannotCreateOutput),
            (
                .tooSmall(device: 2_096_640, image: 2_097_152),
                "2096640 bytes, but the image has 2097152", .cannotCreateOutput
            ),
            (.empty, "no medium", .cannotCreateOutput), (.optical, "optical", .usage),
            (.madeOf(["sda2"]), "made of sda2", .usage),
            (.partition(of: "sdb"), "use /dev/sdb;", .usage),
            (.inUse, "fuser -v", .cannotCreateOutput),
            (.notOpened(.permissionDenied), "sudo", .cannotCreateOutput),
        ] as [(FlashRefusal, String, Failure.Status)])
    func `a refusal names the device, the reason and the remedy`(
        _ refusal: FlashRefusal, _ words: String, _ status: Failure.Status
    ) {
        let failure = refusal.failure("/dev/sdb")
        #expect(failure.status == status)
        #expect(failure.message.hasPrefix("/dev/sdb: "))
        #expect(failure.message.contains(words), "\(failure.message)")
        #expect(failure.message.hasSuffix("; nothing was written"))
    }

    @Test func `the list starts with the devices that can be written`() {
        var (disk, stick) = (
            BlockDevice(name: "sda", number: DeviceNumber(8, 0)),
            BlockDevice(name: "sdb", number: DeviceNumber(8, 16))
        )
        (disk.byteCount, stick.byteCount) = (2_048_000_000, 16_000_000_000)
        (stick.isRemovable, stick.model, stick.serial) = (true, "SanDisk Ultra", "A1")
        let expected = """
              device    size     model          serial
              /dev/sdb  16.0 GB  SanDisk Ultra  A1      can be written
              /dev/sda  2.0 GB   –              –       not: is not removable
            """
        #expect(FlashCandidates([disk, stick], .init()).text == expected)
    }
}
