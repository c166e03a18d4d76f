import HostSystem
import SystemPackage

/// How people identify a disk: vendor, product and serial number.
struct DeviceLabel {
    let tree: DeviceTree
    /// The disk's folder in sysfs.
    let folder: FilePath
    let number: DeviceNumber

    var model: String? {
        let maker = tree.text(folder, "device/vendor")
        // A memory card has a name only; a number is the vendor ID of PCI or virtio.
        let parts = [
            maker?.hasPrefix("0x") == true ? nil : maker,
            tree.text(folder, "device/model") ?? tree.text(folder, "device/name"),
        ].compactMap(\.self)
        return parts.isEmpty ? udev("ID_MODEL") : parts.joined(separator: " ")
    }

    /// The USB device's serial number, or the disk's, udev's, the one in page 0x80 of SCSI's vital
    /// product data, or the World Wide Identifier.
    var serial: String? {
        usb("serial") ?? tree.text(folder, "device/serial") ?? tree.text(folder, "serial")
            ?? udev("ID_SERIAL_SHORT") ?? vitalProductData
            ?? tree.text(folder, "device/wwid") ?? tree.text(folder, "wwid")
    }

    /// A file of the USB device to which the disk belongs.
    private func usb(_ file: String) -> String? {
        guard var place = folder.resolved else { return nil }
        while place.removeLastComponent(), place.components.count > 1 {
            if tree.text(place, "idVendor") != nil { return tree.text(place, file) }
        }
        return nil
    }

    private func udev(_ property: String) -> String? {
        let start = "E:\(property)="
        return tree.text(tree.udev, "b\(number)")?.split(separator: "\n")
            .first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }

    /// The serial number after the four-byte header of the page (SPC-4 §7.8.15).
    private var vitalProductData: String? {
        guard let page = tree.bytes(folder, "device/vpd_pg80"), page.count > 4 else { return nil }
        let text = String(decoding: page[4...].filter { (0x21...0x7E).contains($0) }, as: UTF8.self)
        return text.isEmpty ? nil : text
    }
}
