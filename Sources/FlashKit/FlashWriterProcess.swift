package import DiskImage
package import SystemPackage

import HostSystem
import Libc

/// The process that ``FlashSupervisor`` watches.
package enum FlashWriterProcess {
    package static func run(
        device: FileDescriptor, image: FileDescriptor, events: FileDescriptor,
        sectorSize: SectorSize
    ) {
        func report(_ event: FlashEvent) { _ = try? events.writeAll((event.line + "\n").utf8) }
        do throws(FlashProblem) {
            try write(device, image, sectorSize, report)
            report(.done)
        } catch {
            report(.failed(error))
        }
    }

    private static func write(
        _ descriptor: FileDescriptor, _ image: FileDescriptor, _ sectorSize: SectorSize,
        _ report: (FlashEvent) -> Void
    ) throws(FlashProblem) {
        let device = DirectDevice(descriptor)
        let file: ImageFile
        let plan: FlashPlan
        do {
            file = try ImageFile(image)
            let length = try ImageFile(descriptor).byteCount
            plan = try FlashPlan(file, sectorSize: sectorSize, deviceByteCount: length.value)
        } catch {
            throw .image(at: 0, cause: "\(error)")
        }
        device.forgetCache()
        try withoutActuallyEscaping(report) { (report) throws(FlashProblem) in
            try FlashWriter(
                plan: plan, image: file, target: device,
                pause: { usleep(useconds_t($0.wholeMilliseconds) * 1000) }, report: report
            ).run()
        }
        device.showPartitions()
    }
}
