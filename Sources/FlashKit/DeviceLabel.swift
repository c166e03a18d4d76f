import HostSystem
import SystemPackage

/// By what people know a disk: maker, product and serial number.
struct DeviceLabel {
    let tree: DeviceTree
    /// The disk's in sysfs.
    let folder: FilePath
    let number: DeviceNumber

    /// Maker and product, as the device tells them.
    var model: String? {
        let maker = tree.text(folder, "device/vendor")
        // Of a memory card the name is all that there is; a number is PCI's or virtio's.
        let parts = [
            maker?.hasPrefix("0x") == true ? nil : maker,
            tree.text(folder, "device/model") ?? tree.text(folder, "device/name"),
        ].compactMap(\.self)
        return parts.isEmpty ? udev("ID_MODEL") : parts.joined(separator: " ")
    }

    /// A USB stick's own; else the disk's; else what udev has found; else its page 0x80 of SCSI's
    /// vital product data, or its identifier in the world.
    var serial: String? {
        usb("serial") ?? tree.text(folder, "device/serial") ?? tree.text(folder, "serial")
            ?? udev("ID_SERIAL_SHORT") ?? vitalProductData
            ?? tree.text(folder, "device/wwid") ?? tree.text(folder, "wwid")
    }

    /// A file of the USB device that the disk belongs to.
    private func usb(_ file: String) -> String? {
        guard var place = folder.resolved else { return nil }
        while place.removeLastComponent(), place.components.count > 1 {
            if tree.text(place, "idVendor") != nil { return tree.text(place, file) }
        }
        return nil
    }

    /// A property that udev keeps about the device.
    private func udev(_ property: String) -> String? {
        let start = "E:\(property)="
        return tree.text(tree.udev, "b\(number)")?.split(separator: "\n")
            .first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }

    /// SPC-4 §7.8.15: four bytes, of which the last two count, before the number.
    private var vitalProductData: String? {
        guard let page = tree.bytes(folder, "device/vpd_pg80"), page.count > 4 else { return nil }
        let text = String(decoding: page[4...].filter { (0x21...0x7E).contains($0) }, as: UTF8.self)
        return text.isEmpty ? nil : text
    }
}
