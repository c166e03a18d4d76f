import Foundation
import SystemPackage
import Testing

@testable import FlashKit

/// Block devices as Linux describes them.
struct DeviceTreeTests {
    @Test func `a stick is described`() async throws {
        try await MadeUpMachine.with { machine in
            let stick = try #require(machine.tree.device(MadeUpMachine.stick))
            #expect(stick.name == "sdb" && stick.path == "/dev/sdb" && stick.kind == .disk)
            #expect(stick.byteCount == 16_000_000_000 && stick.sectorByteCount == 512)
            #expect(stick.isRemovable && !stick.isReadOnly)
            #expect(stick.model == "SanDisk Ultra" && stick.serial == nil)
            #expect(stick.numbers == [DeviceNumber(8, 16), DeviceNumber(8, 17)])
            #expect(stick.uses == [])
            #expect(machine.tree.disks() == [stick])
            #expect(machine.tree.device(DeviceNumber(8, 17))?.kind == .partition(of: "sdb"))
            #expect(machine.tree.device(DeviceNumber(8, 32)) == nil)
        }
    }

    @Test func `a table of the kernel is read to its end`() throws {
        let maps = try #require(DeviceTree().text("/proc/self", "maps"))
        #expect(maps.utf8.count > 4096 && maps.contains("[stack]"))
    }

    @Test(arguments: [
        ("sys/block/sdb/device/serial", "A1\n", "A1"), ("sys/block/sdb/serial", " B2\n", "B2"),
        ("udev/b8:16", "S:disk/x\nE:ID_SERIAL=long\nE:ID_SERIAL_SHORT=C3\n", "C3"),
        ("sys/block/sdb/device/vpd_pg80", "\0\u{01}\0\u{04}D4  \n", "D4"),
        ("sys/block/sdb/device/wwid", "naa.5\n", "naa.5"),
        ("sys/block/sdb/wwid", "eui.6\n", "eui.6"),
    ])
    func `a serial number is found`(_ file: String, _ text: String, _ serial: String) async throws {
        try await MadeUpMachine.with { machine in
            try machine.put(file, text)
            #expect(machine.tree.device(MadeUpMachine.stick)?.serial == serial)
        }
    }

    @Test func `a USB device's own serial number comes first`() async throws {
        try await MadeUpMachine.with { machine in
            let place = "sys/devices/pci0/usb1/1-1"
            try machine.put("\(place)/idVendor", "0781\n")
            try machine.put("\(place)/serial", "4C53\n")
            let manager = FileManager.default
            let old = machine.folder.appending("sys/block/sdb").string
            let new = machine.folder.appending("\(place)/host6/block/sdb").string
            try manager.createDirectory(
                atPath: FilePath(new).removingLastComponent().string,
                withIntermediateDirectories: true)
            try manager.moveItem(atPath: old, toPath: new)
            try manager.createSymbolicLink(
                atPath: old, withDestinationPath: "../devices/pci0/usb1/1-1/host6/block/sdb")
            try machine.put("udev/b8:16", "E:ID_SERIAL_SHORT=other\n")
            let stick = try #require(machine.tree.device(MadeUpMachine.stick))
            #expect(stick.serial == "4C53")
            #expect(stick.numbers.count == 2)
        }
    }

    @Test func `a memory card is removable, whatever its reader`() async throws {
        try await MadeUpMachine.with { machine in
            try machine.disk("mmcblk0", "179:0", sectors: 2048)
            try machine.put("sys/block/mmcblk0/device/type", "SD\n")
            try machine.put("sys/block/mmcblk0/device/name", "SU08G\n")
            let card = try #require(machine.tree.device(DeviceNumber(179, 0)))
            #expect(card.isRemovable && card.model == "SU08G")
            try machine.put("sys/block/mmcblk0/device/type", "MMC\n")
            #expect(machine.tree.device(DeviceNumber(179, 0))?.isRemovable == false)
        }
    }

    @Test func `a removed device is missing, even if another has its name`() async throws {
        try await MadeUpMachine.with { machine in
            let stick = try #require(machine.tree.device(MadeUpMachine.stick))
            #expect(machine.tree.has(stick))
            try machine.put("sys/block/sdb/dev", "8:48\n")
            #expect(!machine.tree.has(stick))
            try FileManager.default.removeItem(
                atPath: machine.folder.appending("sys/block/sdb").string)
            #expect(!machine.tree.has(stick))
        }
    }

    @Test func `an encoded device number is decoded`() {
        #expect(DeviceNumber(encoded: 0x0810) == DeviceNumber(8, 16))
        #expect(DeviceNumber(encoded: 0x10_082C) == DeviceNumber(8, 300))
        #expect(DeviceNumber("259:7") == DeviceNumber(259, 7))
        #expect(DeviceNumber("x") == nil && DeviceNumber("8:") == nil)
    }
}
