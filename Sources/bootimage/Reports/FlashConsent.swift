import BootImageKit
import FlashKit
import HostSystem
import Libc
import SystemPackage

/// Confirms that the right device is overwritten.
enum FlashConsent {
    /// Asks on a terminal for the device's name; returns nil without a terminal.
    static func ask(for device: BlockDevice, image: FlashImage) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        let rows = [
            ["device", "\(device.path)"],
            ["model", device.model ?? "unknown"],
            ["serial", device.identity ?? "none"],
            ["size", "\(Size.decimal(device.byteCount)) (\(device.byteCount) bytes)"],
        ]
        for line in TextTable.lines(rows) { Console.note(line) }
        Console.note("Everything on it will be lost. To write \(image.path) to it,")
        Console.prompt("type its name, \(device.name): ")
        return readLine() ?? ""
    }

    /// Refuses a device that was not confirmed by its serial number or its typed name.
    static func check(
        _ device: BlockDevice, serial: String?, ask: () -> String?
    ) throws(Failure) {
        if let serial {
            guard let identity = device.identity else {
                throw refusal(
                    device,
                    "has no serial number to compare --yes with; omit --yes and type the device's "
                        + "name on a terminal")
            }
            if serial != identity {
                throw refusal(
                    device, "its serial number is \(identity), but --yes is \(serial)")
            }
        } else if let name = ask() {
            if name != device.name && name != device.path.string {
                throw refusal(device, "“\(name)” was typed instead of \(device.name)")
            }
        } else {
            throw refusal(
                device, "no terminal to confirm on; add --yes with the device's serial number")
        }
    }

    private static func refusal(_ device: BlockDevice, _ text: String) -> Failure {
        Failure(.usage, "\(device.path): \(text); nothing was written")
    }
}
