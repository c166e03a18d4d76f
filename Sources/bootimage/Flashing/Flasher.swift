import DiskImage
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// From an image and a device's name to a device that boots.
struct Flasher {
    let image: FlashImage
    let device: BlockDevice
    let plan: FlashPlan
    private let tree: DeviceTree
    private let target: DirectDevice

    /// Chooses the device, and has it for itself; refuses what must not be overwritten.
    init(
        _ image: FlashImage, to path: FilePath, allowsFixedDisk: Bool,
        tree: DeviceTree = DeviceTree()
    ) throws(Failure) {
        let demands = FlashRefusal.Demands(image: image.facts, allowsFixedDisk: allowsFixedDisk)
        do throws(FlashRefusal) {
            device = try Self.find(path, tree)
            if let refusal = FlashRefusal.first(of: device, demands) { throw refusal }
            target = try Self.open(device)
        } catch {
            throw error.failure(path)
        }
        do throws(DiskReadError) {
            plan = try FlashPlan(
                image.file, sectorSize: image.sectorSize, deviceByteCount: device.byteCount)
        } catch {
            throw Failure(.inputOutput, "\(image.path): \(error)")
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

    /// Writes the image and reads it back; shows each line of progress.
    ///
    /// `writer` are the command line's words by which this executable becomes the writer.
    func write(
        _ writer: [String], show: (String) -> Void
    ) throws(FlashSupervisor.Problem) {
        guard tree.device(device.number) == device else { throw .deviceChanged }
        let program = FilePath("/proc/self/exe").resolved ?? "/proc/self/exe"
        let supervisor = FlashSupervisor(
            program: program, arguments: writer + ["\(image.sectorSize.rawValue)"]
        ) { tree.has(device) }
        var progress = FlashProgress(plan)
        let start = ContinuousClock.now
        try supervisor.run(device: target.descriptor, image: image.descriptor) { event in
            guard case .progress(let step, let done) = event,
                let line = progress.line(step, done, at: .now - start)
            else { return }
            show(line)
        }
        if image.hasChanged { throw .imageChanged }
    }

    /// One line: what went wrong, and what state the device is in.
    func message(_ problem: FlashSupervisor.Problem) -> String {
        let state = problem.isBeforeWriting ? "nothing was written" : "it does not boot now"
        return switch problem {
        case .failed(.image(let offset, let cause)):
            "\(image.path): cannot be read at offset \(Number.hex(offset)): \(cause); "
                + "\(device.path) does not boot now"
        case .imageChanged:
            "\(image.path): was changed while \(device.path) was written; write it again"
        default: "\(device.path): \(problem.cause); \(state); \(problem.remedy)"
        }
    }
}

extension FlashSupervisor.Problem {
    /// What the command ends with.
    var exitStatus: Int32 {
        if case .asked(let signal) = self { return 128 + signal }
        return Failure.Status.inputOutput.rawValue
    }

    fileprivate var isBeforeWriting: Bool {
        switch self {
        case .deviceChanged, .notStarted: true
        default: false
        }
    }

    fileprivate var cause: String {
        switch self {
        case .failed(.device(let step, let errno, let offset)):
            "\(step.rawValue) failed at offset \(Number.hex(offset)): \(errno)"
        case .failed(.differs(let offset, let found, let written)):
            "the byte at offset \(Number.hex(offset)) is \(Number.hex(UInt64(found))), and "
                + "\(Number.hex(UInt64(written))) was written"
        case .failed(.image(_, let cause)): cause
        case .pulledOut: "was pulled out, or is gone"
        case .silent(let limit): "has not answered for \(limit.components.seconds) s"
        case .asked(let signal): "stopped by signal \(signal)"
        case .ended(let status): "the writer ended with status \(status)"
        case .notStarted(let errno): "the writer cannot be started: \(errno)"
        case .deviceChanged: "is another than a moment ago"
        case .imageChanged: "the image was changed meanwhile"
        }
    }

    fileprivate var remedy: String {
        switch self {
        case .failed(.differs): "it is worn out, or has less memory than it says: take another"
        case .failed: "try another port, or another stick"
        case .pulledOut: "put it in and write again"
        case .silent: "pull it out, put it in and write again, or take another"
        case .asked, .ended, .notStarted, .deviceChanged, .imageChanged: "write again"
        }
    }
}
