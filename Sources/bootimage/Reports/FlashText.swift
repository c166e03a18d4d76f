import BootImageKit
import DiskImage
import ELFKit
import FlashKit
import HostSystem
import SystemPackage

extension FlashRefusal {
    /// What is the matter, for the list of devices: what follows "not for this image:".
    var reason: String {
        switch self {
        case .noDevice: "there is no such device"
        case .notBlockDevice: "is no block device"
        case .partition(let disk): "is a partition of \(disk), and an image takes the whole disk"
        case .optical: "is an optical drive"
        case .madeOf(let parts): "is no disk, but made of \(parts.joined(separator: ", "))"
        case .empty: "has no medium in it"
        case .holdsSystem(let part): "holds the running system: \(part) is mounted at /"
        case .holdsImage: "holds the image itself"
        case .mounted(let part, let point): "in use: \(part) is mounted at \(point)"
        case .swap(let part): "in use: \(part) is swap"
        case .held(let part, let holder, let what): "in use: \(holder) (\(what)) is on \(part)"
        case .readOnly: "is read-only"
        case .fixed(let model): "is not removable" + (model.map { " (\($0))" } ?? "")
        case .sectors(let found, let needed):
            "has sectors of \(found) bytes, and the image is for \(needed)"
        case .tooSmall(let found, let needed):
            "is too small: \(found) bytes, and the image has \(needed)"
        case .inUse: "in use by another program"
        case .notOpened(let errno): "cannot be opened: \(errno)"
        case .unreadableImage(_, let error): "\(error)"
        }
    }

    /// What to do about it.
    private var remedy: String {
        switch self {
        case .noDevice, .notBlockDevice, .optical, .madeOf, .holdsSystem:
            "bootimage flash lists the disks that there are"
        case .partition(let disk): "name /dev/\(disk)"
        case .empty: "put one in"
        case .holdsImage: "copy the image to another disk first"
        case .mounted(_, let point): "umount \(point)"
        case .swap(let part): "swapoff /dev/\(part)"
        case .held(_, _, "LVM"): "vgchange --activate n"
        case .held(_, let holder, "crypt"): "cryptsetup close \(holder)"
        case .held(_, let holder, "RAID"): "mdadm --stop /dev/\(holder)"
        case .held(_, let holder, _): "take \(holder) out of use"
        case .readOnly: "move the switch on it, or blockdev --setrw it"
        case .fixed: "if it is the right one, add --allow-fixed-disk"
        case .sectors(let size, _): "build the image with --sector-size \(size)"
        case .tooSmall: "take a larger one"
        case .inUse: "find the program with fuser -v, and end it"
        case .notOpened(.permissionDenied), .notOpened(.notPermitted): "sudo bootimage flash …"
        case .notOpened: "is it plugged in?"
        case .unreadableImage: "check the image"
        }
    }

    private var status: Failure.Status {
        switch self {
        case .notBlockDevice, .partition, .optical, .madeOf, .fixed: .usage
        default: .cannotCreateOutput
        }
    }

    /// The refusal of the device with that path.
    func failure(_ path: FilePath) -> Failure {
        if case .unreadableImage(let image, let error) = self {
            return Failure(.inputOutput, "\(image): \(error)")
        }
        return Failure(status, "\(path): \(reason); \(remedy); nothing was written")
    }
}

extension Flasher {
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
            "the byte at offset \(Number.hex(offset)) is \(Number.hex(UInt64(found))), and "
                + "\(Number.hex(UInt64(written))) was written"
        case .failed(.image(_, let cause)): cause
        case .pulledOut: "was pulled out, or is gone"
        case .silent(let limit): "has not answered for \(limit.components.seconds) s"
        case .interrupted(let signal): "stopped by signal \(signal)"
        case .ended(let exit): "the writer \(exit.text)"
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
        case .interrupted, .ended, .notStarted, .deviceChanged, .imageChanged: "write again"
        }
    }
}
