package import SystemPackage

import FoundationEssentials
import HostSystem
import Libc

/// The block devices, as sysfs, procfs and udev describe them.
package struct DeviceTree {
    /// The mount points of sysfs and procfs, and udev's database.
    var sys = FilePath("/sys")
    var proc = FilePath("/proc")
    var udev = FilePath("/run/udev/data")
    var dev = FilePath("/dev")
    /// Finds the file under the loop device with that node; sysfs has the file's path.
    var loopFile: (_ node: FilePath, _ path: FilePath) -> LoopFile? = LoopFile.find

    package init() {}

    private var blocks: FilePath { sys.appending("block") }

    /// Returns the disks and everything like a disk, except those without a medium.
    package func disks() -> [BlockDevice] {
        let loops = loops()
        return names(in: blocks).compactMap { disk($0, loops) }.filter { $0.byteCount > 0 }
    }

    package func device(_ number: DeviceNumber) -> BlockDevice? {
        guard let (disk, partition) = names(of: number) else { return nil }
        guard let partition else { return self.disk(disk, loops()) }
        return BlockDevice(name: partition, number: number, kind: .partition(of: disk))
    }

    /// The name of the disk with that number, or of the partition and its disk.
    private func names(of number: DeviceNumber) -> (disk: String, partition: String?)? {
        for name in names(in: blocks) {
            let folder = blocks.appending(name)
            if self.number(in: folder) == number { return (name, nil) }
            for partition in partitions(in: folder)
            where self.number(in: folder.appending(partition)) == number {
                return (name, partition)
            }
        }
        return nil
    }

    /// The loop devices in use, and the file under each.
    private func loops() -> [String: LoopFile] {
        var loops: [String: LoopFile] = [:]
        for name in names(in: blocks) {
            guard let path = text(blocks.appending(name), "loop/backing_file") else { continue }
            loops[name] = loopFile(dev.appending(name), FilePath(path))
        }
        return loops
    }

    /// Whether that disk is still attached.
    func has(_ device: BlockDevice) -> Bool {
        number(in: blocks.appending(device.name)) == device.number
    }

    private func disk(_ name: String, _ loops: [String: LoopFile]) -> BlockDevice? {
        let folder = blocks.appending(name)
        guard let number = number(in: folder) else { return nil }
        var device = BlockDevice(name: name, number: number)
        // In units of 512 bytes, whatever its sector size is.
        device.byteCount = (text(folder, "size").flatMap { UInt64($0) } ?? 0) * 512
        device.sectorByteCount =
            text(folder, "queue/logical_block_size").flatMap { Int($0) } ?? 512
        device.isReadOnly = text(folder, "ro") == "1"
        // A memory card reader on a PCI bus is fixed; the card in it is not.
        device.isRemovable =
            text(folder, "removable") == "1" || text(folder, "device/type") == "SD"
        device.mediumNumber = text(folder, "diskseq")
        device.backingFile = text(folder, "loop/backing_file").map { FilePath($0) }
        device.loopFile = loops[name]
        var slaves = names(in: folder.appending("slaves"))
        if let node = loops[name]?.device {
            slaves.append(names(of: node).map { $0.partition ?? $0.disk } ?? "\(node)")
        }
        if text(folder, "device/type") == "5" {
            device.kind = .optical
        } else if !slaves.isEmpty {
            device.kind = .madeOf(slaves)
        }
        let label = DeviceLabel(tree: self, folder: folder, number: number)
        (device.model, device.serial) = (label.model, label.serial)
        let family = family(of: name, loops)
        device.numbers = Set(family.members.map(\.number))
        device.uses = uses(of: family.members) + family.holders
        return device
    }

    /// Returns a device with its partitions and everything built on them, and who holds what.
    private func family(
        of name: String, _ loops: [String: LoopFile]
    ) -> (members: [(name: String, number: DeviceNumber)], holders: [BlockDevice.Use]) {
        var members: [(name: String, number: DeviceNumber)] = []
        var holders: [BlockDevice.Use] = []
        func visit(_ name: String, _ folder: FilePath) {
            guard let number = number(in: folder), !members.contains(where: { $0.name == name })
            else { return }
            members.append((name, number))
            for partition in partitions(in: folder) {
                visit(partition, folder.appending(partition))
            }
            for holder in names(in: folder.appending("holders")) {
                let place = blocks.appending(holder)
                let title = text(place, "dm/name") ?? holder
                holders.append(.held(name, by: title, what: use(holder, place)))
                visit(holder, place)
            }
            // The kernel does not list loop devices among the holders. Two of one file are one
            // disk.
            for (loop, file) in loops.sorted(by: { $0.key < $1.key })
            where loop != name && (file.lies(on: number) || file == loops[name]) {
                holders.append(.held(name, by: loop, what: "loop device"))
                visit(loop, blocks.appending(loop))
            }
        }
        visit(name, blocks.appending(name))
        return (members, holders)
    }

    /// The kind of a device that is built on others.
    private func use(_ name: String, _ folder: FilePath) -> String {
        let identifier = text(folder, "dm/uuid") ?? ""
        if identifier.hasPrefix("LVM-") { return "LVM" }
        if identifier.hasPrefix("CRYPT-") { return "crypt" }
        if name.hasPrefix("md") { return "RAID" }
        return identifier.isEmpty ? "another device" : "device mapper"
    }

    private func partitions(in folder: FilePath) -> [String] {
        names(in: folder).filter { text(folder, "\($0)/partition") != nil }
    }

    private func number(in folder: FilePath) -> DeviceNumber? {
        text(folder, "dev").flatMap { DeviceNumber($0) }
    }

    /// The names in a folder, sorted; empty if the folder does not exist.
    package func names(in folder: FilePath) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []).sorted()
    }

    /// The text of a short file without surrounding white space; nil if it is missing or empty.
    package func text(_ folder: FilePath, _ name: String) -> String? {
        guard let bytes = bytes(folder, name) else { return nil }
        let text = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
        let isSpace = { (character: Character) in character.isWhitespace }
        let start = text.drop(while: isSpace)
        let end = start.lastIndex { !isSpace($0) }
        return end.map { String(start[...$0]) }
    }

    /// The content of a file; nil if it cannot be read.
    ///
    /// The kernel gives at most a page at a time of its tables, with which `FileManager` ends.
    package func bytes(_ folder: FilePath, _ name: String) -> [UInt8]? {
        try? folder.pushing(FilePath(name)).readAll()
    }
}
