package import SystemPackage

import DiskImage
import HostSystem
import Libc

/// Writes an image to a device so that the device boots.
package struct Flasher {
    package let image: FlashImage
    package let device: BlockDevice
    package let plan: FlashPlan
    private let tree: DeviceTree
    private let target: DirectDevice

    /// Opens the device exclusively; refuses one that must not be overwritten.
    package init(
        _ image: FlashImage, to path: FilePath, allowsFixedDisk: Bool,
        tree: DeviceTree = DeviceTree()
    ) throws(FlashRefusal) {
        let demands = FlashRefusal.Demands(image: image.facts, allowsFixedDisk: allowsFixedDisk)
        device = try Self.find(path, tree)
        if let refusal = FlashRefusal.first(of: device, demands) { throw refusal }
        target = try Self.open(device)
        do throws(DiskReadError) {
            plan = try FlashPlan(
                image.file, sectorSize: image.sectorSize, deviceByteCount: device.byteCount)
        } catch {
            throw .unreadableImage(image.path, error)
        }
        (self.image, self.tree) = (image, tree)
    }

    private static func find(
        _ path: FilePath, _ tree: DeviceTree
    ) throws(FlashRefusal) -> BlockDevice {
        guard let status = try? path.stat() else { throw .noDevice }
        guard status.type == .blockSpecial else { throw .notBlockDevice }
        let number = DeviceNumber(encoded: UInt64(status.rawValue.st_rdev))
        guard let device = tree.device(number) else { throw .noDevice }
        return device
    }

    private static func open(_ device: BlockDevice) throws(FlashRefusal) -> DirectDevice {
        do throws(Errno) {
            return try DirectDevice(opening: device.path)
        } catch .resourceBusy {
            throw .inUse
        } catch {
            throw .notOpened(error)
        }
    }

    /// Writes the image and reads it back; `writer` are the arguments with which this executable
    /// becomes the writer.
    package func write(
        _ writer: [String], report: (FlashEvent) -> Void
    ) throws(FlashSupervisor.Problem) {
        guard tree.device(device.number) == device else { throw .deviceChanged }
        if image.hasChanged { throw .imageChangedSinceCheck }
        let program = FilePath("/proc/self/exe").resolved ?? "/proc/self/exe"
        let supervisor = FlashSupervisor(
            program: program, arguments: writer + ["\(image.sectorSize.rawValue)"]
        ) { tree.has(device) }
        try supervisor.run(device: target.descriptor, image: image.descriptor, report)
        if image.hasChanged { throw .imageChanged }
    }
}
