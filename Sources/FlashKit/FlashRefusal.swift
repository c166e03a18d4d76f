package import DiskImage
package import SystemPackage

import HostSystem

/// Why a device is refused; it was not changed.
package enum FlashRefusal: Error, Equatable {
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
    case unreadableImage(FilePath, DiskReadError)

    package struct Demands: Equatable {
        /// Nil if there is no image yet.
        package var image: FlashImage.Facts?
        var allowsFixedDisk = false

        package init(image: FlashImage.Facts? = nil, allowsFixedDisk: Bool = false) {
            (self.image, self.allowsFixedDisk) = (image, allowsFixedDisk)
        }
    }

    /// Returns the most serious reason not to write to the device, or nil.
    package static func first(of device: BlockDevice, _ demands: Demands) -> FlashRefusal? {
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
            if let file = device.loopFile, file == image.file { return .holdsImage }
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
