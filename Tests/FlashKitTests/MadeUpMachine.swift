import Foundation
import SystemPackage
import TestSupport

@testable import FlashKit

/// The files in which Linux describes block devices, for a simulated machine.
struct MadeUpMachine {
    let folder: FilePath

    static let stick = DeviceNumber(8, 16)

    /// Runs `body` with a machine whose only disk is `sdb`, a USB stick of 16 GB with a partition.
    static func with<Result>(
        _ body: (MadeUpMachine) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            let machine = MadeUpMachine(folder: folder)
            try machine.put("proc/swaps", "Filename Type Size Used Priority\n")
            try machine.put("proc/self/mountinfo", "22 1 0:21 / /proc rw - proc proc rw\n")
            try machine.disk("sdb", "8:16", sectors: 31_250_000, isRemovable: true)
            try machine.put("sys/block/sdb/device/vendor", "SanDisk \n")
            try machine.put("sys/block/sdb/device/model", "Ultra           \n")
            try machine.partition("sdb", "sdb1", "8:17")
            return try await body(machine)
        }
    }

    var tree: DeviceTree {
        var tree = DeviceTree()
        (tree.sys, tree.proc) = (folder.appending("sys"), folder.appending("proc"))
        (tree.udev, tree.dev) = (folder.appending("udev"), folder.appending("dev"))
        tree.loopFile = { [tree] node, _ in
            // The numbers of the file system, the inode and the device, as `loop` wrote them.
            guard let words = tree.text(node, "")?.split(separator: " "), words.count == 3,
                let fileSystem = DeviceNumber(words[0]), let inode = UInt64(words[1])
            else { return nil }
            return LoopFile(
                fileSystem: fileSystem, inode: inode, device: DeviceNumber(words[2]))
        }
        return tree
    }

    /// Adds a loop device of a file, or if `device` is set, of that device's node.
    func loop(
        _ name: String, _ number: String, fileSystem: String, inode: UInt64 = 1,
        device: String = "-"
    ) throws {
        try disk(name, number, sectors: 2048)
        try put("sys/block/\(name)/loop/backing_file", "/a file (deleted)\n")
        try put("dev/\(name)", "\(fileSystem) \(inode) \(device)")
    }

    func disk(
        _ name: String, _ number: String, sectors: Int, isRemovable: Bool = false
    ) throws {
        try put("sys/block/\(name)/dev", "\(number)\n")
        try put("sys/block/\(name)/size", "\(sectors)\n")
        try put("sys/block/\(name)/ro", "0\n")
        try put("sys/block/\(name)/removable", isRemovable ? "1\n" : "0\n")
        try put("sys/block/\(name)/queue/logical_block_size", "512\n")
        try put("dev/\(name)", "")
    }

    func partition(_ disk: String, _ name: String, _ number: String) throws {
        try put("sys/block/\(disk)/\(name)/partition", "1\n")
        try put("sys/block/\(disk)/\(name)/dev", "\(number)\n")
        try put("dev/\(name)", "")
    }

    /// Adds a device that is made of another, by the device mapper or as a RAID.
    func holder(of place: String, _ name: String, _ number: String, uuid: String?) throws {
        try disk(name, number, sectors: 2048)
        try put("sys/block/\(place)/holders/\(name)", "")
        let slave = FilePath(place).lastComponent?.string ?? ""
        try put("sys/block/\(name)/slaves/\(slave)", "")
        if let uuid {
            try put("sys/block/\(name)/dm/uuid", "\(uuid)\n")
            try put("sys/block/\(name)/dm/name", "vg-\(name)\n")
        }
    }

    /// Creates or overwrites a file.
    func put(_ path: String, _ text: String) throws {
        let file = folder.appending(path)
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file.string))
    }

    func mount(_ number: String, _ point: String, source: String = "none") throws {
        let table = folder.appending("proc/self/mountinfo").string
        let old = try String(contentsOfFile: table, encoding: .utf8)
        try put(
            "proc/self/mountinfo",
            old + "30 22 \(number) / \(point) rw shared:1 - ext4 \(source) rw\n")
    }
}
