import SystemPackage

/// Why an image is not written to a device, of which not a byte has changed.
enum FlashRefusal: Error, Equatable {
    case noDevice
    case notBlockDevice
    case partition(of: String)
    case optical
    case madeOf([String])
    case empty
    case holdsSystem(String)
    case holdsImage
    case mounted(String, at: String)
    case swap(String)
    case held(String, by: String, what: String)
    case readOnly
    case fixed(model: String?)
    case sectors(device: Int, image: Int)
    case tooSmall(device: UInt64, image: UInt64)
    case inUse
    case notOpened(Errno)

    /// What is asked of a device: the image's side.
    struct Demands: Equatable {
        /// Nil where the image is not known yet.
        var image: FlashImage.Facts?
        var allowsFixedDisk = false
    }

    /// The first reason not to write to the device, those first that lose the most; nil if there is
    /// none.
    static func first(of device: BlockDevice, _ demands: Demands) -> FlashRefusal? {
        kind(of: device) ?? use(of: device, demands.image) ?? property(of: device, demands)
    }

    private static func kind(of device: BlockDevice) -> FlashRefusal? {
        switch device.kind {
        case .partition(let disk): .partition(of: disk)
        case .optical: .optical
        case .madeOf(let parts): .madeOf(parts)
        case .disk: device.byteCount == 0 ? .empty : nil
        }
    }

    private static func use(of device: BlockDevice, _ image: FlashImage.Facts?) -> FlashRefusal? {
        for case .mounted(let part, "/") in device.uses { return .holdsSystem(part) }
        if let image {
            if !image.numbers.isDisjoint(with: device.numbers) { return .holdsImage }
            if let file = device.backingFile, file == image.realPath { return .holdsImage }
        }
        return device.uses.first.map { use in
            switch use {
            case .mounted(let part, let point): .mounted(part, at: point)
            case .swap(let part): .swap(part)
            case .held(let part, let holder, let what): .held(part, by: holder, what: what)
            }
        }
    }

    private static func property(of device: BlockDevice, _ demands: Demands) -> FlashRefusal? {
        if device.isReadOnly { return .readOnly }
        if !device.isRemovable && !demands.allowsFixedDisk { return .fixed(model: device.model) }
        guard let image = demands.image else { return nil }
        if device.sectorByteCount != image.sectorByteCount {
            return .sectors(device: device.sectorByteCount, image: image.sectorByteCount)
        }
        if device.byteCount < image.byteCount {
            return .tooSmall(device: device.byteCount, image: image.byteCount)
        }
        return nil
    }
}

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
        Failure(status, "\(path): \(reason); \(remedy); nothing was written")
    }
}
