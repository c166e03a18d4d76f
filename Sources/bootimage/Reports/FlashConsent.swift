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
        Console.note("type its name, \(device.name): ", end: "")
        return readLine() ?? ""
    }

    /// Refuses a device that was not confirmed by its serial number or its typed name.
    static func check(_ device: BlockDevice, serial: String?, ask: () -> String?) throws(Failure) {
        let problem: String
        if let serial {
            if serial == device.identity { return }
            problem =
                device.identity.map { "its serial number is \($0), but --yes is \(serial)" }
                ?? "has no serial number to compare --yes with; omit --yes and type the device's "
                + "name on a terminal"
        } else if let name = ask() {
            if name == device.name || name == device.path.text { return }
            problem = "“\(name)” was typed instead of \(device.name)"
        } else {
            problem = "no terminal to confirm on; add --yes with the device's serial number"
        }
        throw Failure(.usage, "\(device.path): \(problem); nothing was written")
    }
}
