package import DiskImage
package import SystemPackage

import HostSystem
import Libc

/// The process that ``FlashSupervisor`` watches.
package enum FlashWriterProcess {
    /// Writes, and tells how it ended; who is not listened to any more ends as well.
    package static func run(
        device: FileDescriptor, image: FileDescriptor, events: FileDescriptor,
        sectorSize: SectorSize
    ) {
        func tell(_ event: FlashEvent) { _ = try? events.writeAll((event.line + "\n").utf8) }
        do throws(FlashProblem) {
            try write(device, image, sectorSize, tell)
            tell(.done)
        } catch {
            tell(.failed(error))
        }
    }

    private static func write(
        _ descriptor: FileDescriptor, _ image: FileDescriptor, _ sectorSize: SectorSize,
        _ tell: (FlashEvent) -> Void
    ) throws(FlashProblem) {
        let device = DirectDevice(descriptor)
        let file: ImageFile
        let plan: FlashPlan
        do {
            file = try ImageFile(image)
            let length = try ImageFile(descriptor).byteCount
            plan = try FlashPlan(
                file, sectorSize: sectorSize, deviceByteCount: length.value)
        } catch {
            throw .image(at: 0, cause: "\(error)")
        }
        device.forgetCache()
        try withoutActuallyEscaping(tell) { (tell) throws(FlashProblem) in
            try FlashWriter(
                plan: plan, image: file, target: device,
                pause: { usleep(useconds_t($0.wholeMilliseconds) * 1000) }, report: tell
            ).run()
        }
        device.showPartitions()
    }
}
