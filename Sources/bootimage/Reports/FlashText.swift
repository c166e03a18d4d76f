import BootImageKit
import DiskImage
import ELFKit
import FlashKit
import HostSystem
import SystemPackage

extension FlashRefusal {
    /// The reason, as the list of devices shows it.
    var reason: String {
        switch self {
        case .noDevice: "does not exist"
        case .notBlockDevice: "is not a block device"
        case .partition(let disk): "is a partition of \(disk), but an image needs the whole disk"
        case .optical: "is an optical drive"
        case .madeOf(let parts): "is not a disk, but made of \(parts.joined(separator: ", "))"
        case .empty: "has no medium"
        case .holdsSystem(let part): "holds the running system: \(part) is mounted at /"
        case .holdsImage: "holds the image itself"
        case .mounted(let part, let point): "in use: \(part) is mounted at \(point)"
        case .swap(let part): "in use: \(part) is swap"
        case .held(let part, let holder, let what): "in use: \(holder) (\(what)) is on \(part)"
        case .readOnly: "is read-only"
        case .fixed(let model): "is not removable" + (model.map { " (\($0))" } ?? "")
        case .sectors(let found, let needed):
            "has sectors of \(found) bytes, but the image needs \(needed)"
        case .tooSmall(let found, let needed):
            "is too small: \(found) bytes, but the image has \(needed)"
        case .inUse: "in use by another program"
        case .notOpened(let errno): "cannot be opened: \(errno)"
        case .unreadableImage(_, let error): "\(error)"
        }
    }

    /// The remedy.
    private var remedy: String {
        switch self {
        case .noDevice, .notBlockDevice, .optical, .madeOf, .holdsSystem:
            "run bootimage flash for a list of disks"
        case .partition(let disk): "use /dev/\(disk)"
        case .empty: "insert one"
        case .holdsImage: "copy the image to another disk first"
        case .mounted(_, let point): "umount \(point)"
        case .swap(let part): "swapoff /dev/\(part)"
        case .held(_, _, "LVM"): "vgchange --activate n"
        case .held(_, let holder, "crypt"): "cryptsetup close \(holder)"
        case .held(_, let holder, "RAID"): "mdadm --stop /dev/\(holder)"
        case .held(_, let holder, _): "stop using \(holder)"
        case .readOnly: "use its switch, or blockdev --setrw"
        case .fixed: "if it is the right disk, add --allow-fixed-disk"
        case .sectors(let size, _): "build the image with --sector-size \(size)"
        case .tooSmall: "use a larger one"
        case .inUse: "find the program with fuser -v and end it"
        case .notOpened(.permissionDenied), .notOpened(.notPermitted): "sudo bootimage flash …"
        case .notOpened: "check that it is plugged in"
        case .unreadableImage: "check the image"
        }
    }

    private var status: Failure.Status {
        switch self {
        case .notBlockDevice, .partition, .optical, .madeOf, .fixed: .usage
        default: .cannotCreateOutput
        }
    }

    /// Returns the refusal of the device with that path.
    func failure(_ path: FilePath) -> Failure {
        if case .unreadableImage(let image, let error) = self {
            return Failure(.inputOutput, "\(image): \(error)")
        }
        return Failure(status, "\(path): \(reason); \(remedy); nothing was written")
    }
}

extension Flasher {
    /// One line: what failed, and the state of the device.
    func message(_ problem: FlashSupervisor.Problem) -> String {
        let state = problem.isBeforeWriting ? "nothing was written" : "it does not boot now"
        return switch problem {
        case .failed(.image(let offset, let cause)):
            "\(image.path): cannot be read at offset \(Number.hex(offset)): \(cause); "
                + "\(device.path) does not boot now"
        case .imageChanged:
            "\(image.path): changed while \(device.path) was written; write it again"
        default: "\(device.path): \(problem.cause); \(state); \(problem.remedy)"
        }
    }
}

extension FlashSupervisor.Problem {
    /// The exit status.
    var exitStatus: Int32 {
        if case .interrupted(let signal) = self { return 128 + signal }
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
            "the byte at offset \(Number.hex(offset)) is \(Number.hex(UInt64(found))), but "
                + "\(Number.hex(UInt64(written))) was written"
        case .failed(.image(_, let cause)): cause
        case .pulledOut: "was removed"
        case .silent(let limit): "has not responded for \(limit.components.seconds) s"
        case .interrupted(let signal): "interrupted by signal \(signal)"
        case .ended(let exit): "the writer \(exit.text)"
        case .notStarted(let errno): "the writer cannot be started: \(errno)"
        case .deviceChanged: "changed since it was checked"
        case .imageChanged: "the image changed while it was written"
        }
    }

    fileprivate var remedy: String {
        switch self {
        case .failed(.differs): "it is worn out or has less memory than it claims; use another"
        case .failed: "try another port, or another stick"
        case .pulledOut: "insert it and write again"
        case .silent: "remove it, insert it and write again, or use another"
        case .interrupted, .ended, .notStarted, .deviceChanged, .imageChanged: "write again"
        }
    }
}
