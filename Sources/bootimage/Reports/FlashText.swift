import BootImageKit
import DiskImage
import ELFKit
import FlashKit
import HostSystem
import SystemPackage

extension FlashRefusal {
    /// The reason, as the list of devices shows it.
    var reason: String { texts.reason }

    private var texts: (reason: String, remedy: String) {
        let list = "run bootimage flash for a list of disks"
        return switch self {
        case .noDevice: ("does not exist", list)
        case .notBlockDevice: ("is not a block device", list)
        case .partition(let disk):
            ("is a partition of \(disk), but an image needs the whole disk", "use /dev/\(disk)")
        case .optical: ("is an optical drive", list)
        case .madeOf(let parts):
            ("is not a disk, but made of \(parts.joined(separator: ", "))", list)
        case .empty: ("has no medium", "insert one")
        case .holdsSystem(let part): ("holds the running system: \(part) is mounted at /", list)
        case .holdsImage: ("holds the image itself", "copy the image to another disk first")
        case .mounted(let part, let point):
            ("in use: \(part) is mounted at \(point)", "umount \(point)")
        case .swap(let part): ("in use: \(part) is swap", "swapoff /dev/\(part)")
        case .held(let part, let holder, let what):
            ("in use: \(holder) (\(what)) is on \(part)", Self.release(holder, what))
        case .readOnly: ("is read-only", "use its switch, or blockdev --setrw")
        case .fixed(let model):
            (
                "is not removable" + (model.map { " (\($0))" } ?? ""),
                "if it is the right disk, add --allow-fixed-disk"
            )
        case .sectors(let found, let needed):
            (
                "has sectors of \(found) bytes, but the image needs \(needed)",
                "build the image with --sector-size \(found)"
            )
        case .tooSmall(let found, let needed):
            ("is too small: \(found) bytes, but the image has \(needed)", "use a larger one")
        case .inUse: ("in use by another program", "find the program with fuser -v and end it")
        case .notOpened(let errno):
            (
                "cannot be opened: \(errno)",
                [.permissionDenied, .notPermitted].contains(errno)
                    ? "sudo bootimage flash …" : "check that it is plugged in"
            )
        case .unreadableImage(_, let error): ("\(error)", "check the image")
        }
    }

    private static func release(_ holder: String, _ what: String) -> String {
        switch what {
        case "LVM": "vgchange --activate n"
        case "crypt": "cryptsetup close \(holder)"
        case "RAID": "mdadm --stop /dev/\(holder)"
        case "loop device": "losetup --detach /dev/\(holder)"
        default: "stop using \(holder)"
        }
    }

    private var status: Failure.Status {
        switch self {
        case .notBlockDevice, .partition, .optical, .madeOf, .fixed: .usage
        default: .cannotCreateOutput
        }
    }

    func failure(_ path: FilePath) -> Failure {
        if case .unreadableImage(let image, let error) = self {
            return Failure(.inputOutput, "\(image): \(error)")
        }
        return Failure(status, "\(path): \(reason); \(texts.remedy); nothing was written")
    }
}

extension Flasher {
    /// One line: what failed, and the state of the device.
    func message(_ problem: FlashSupervisor.Problem) -> String {
        let cause: String
        var remedy = "write again"
        var state = "it does not boot now"
        switch problem {
        case .failed(.image(let offset, let cause)):
            return "\(image.path): cannot be read at offset \(Number.hex(offset)): \(cause); "
                + "\(device.path) does not boot now"
        case .imageChangedSinceCheck:
            return "\(image.path): changed since it was checked; nothing was written; "
                + "run the command again"
        case .imageChanged:
            return "\(image.path): changed while \(device.path) was written; write it again"
        case .failed(.device(let step, let errno, let offset)):
            cause = "\(step.rawValue) failed at offset \(Number.hex(offset)): \(errno)"
            remedy = "try another port, or another stick"
        case .failed(.differs(let offset, let found, let written)):
            cause =
                "the byte at offset \(Number.hex(offset)) is \(Number.hex(found)), but "
                + "\(Number.hex(written)) was written"
            remedy = "it is worn out or has less memory than it claims; use another"
        case .pulledOut:
            cause = "was removed"
            remedy = "insert it and write again"
        case .silent(let limit):
            cause = "has not responded for \(limit.components.seconds) s"
            remedy = "remove it, insert it and write again, or use another"
        case .interrupted(let signal): cause = "interrupted by signal \(signal)"
        case .ended(let exit): cause = "the writer \(exit.text)"
        case .notStarted(let errno):
            cause = "the writer cannot be started: \(errno)"
            state = "nothing was written"
        case .deviceChanged:
            cause = "changed since it was checked"
            state = "nothing was written"
        }
        return "\(device.path): \(cause); \(state); \(remedy)"
    }
}

extension FlashSupervisor.Problem {
    var exitStatus: Int32 {
        if case .interrupted(let signal) = self { return 128 + signal }
        return Failure.Status.inputOutput.rawValue
    }
}
