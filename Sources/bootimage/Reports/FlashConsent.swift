import BootImageKit
import FlashKit
import HostSystem
import Libc
import SystemPackage

/// Makes sure that it is the right device that is going to be overwritten.
enum FlashConsent {
    /// Nil where there is nobody to ask.
    static func ask(for device: BlockDevice, image: FlashImage) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        let rows = [
            ["device", "\(device.path)"],
            ["model", device.model ?? "unknown"],
            ["serial", device.identity ?? "none"],
            ["size", "\(Size.decimal(device.byteCount)) (\(device.byteCount) bytes)"],
        ]
        for line in TextTable.lines(rows) { Console.note(line) }
        Console.note("All that is on it is overwritten or lost. To write \(image.path) to it,")
        Console.prompt("type its name, \(device.name): ")
        return readLine() ?? ""
    }

    /// Refuses what was not agreed to, by a name typed or a serial number given.
    static func check(
        _ device: BlockDevice, serial: String?, ask: () -> String?
    ) throws(Failure) {
        if let serial {
            guard let identity = device.identity else {
                throw refusal(
                    device,
                    "has no serial number to compare --yes with; leave --yes out and type "
                        + "the device's name on a terminal")
            }
            if serial != identity {
                throw refusal(
                    device, "its serial number is \(identity), not \(serial) as --yes says")
            }
        } else if let name = ask() {
            if name != device.name && name != device.path.string {
                throw refusal(device, "“\(name)” was typed, not \(device.name)")
            }
        } else {
            throw refusal(
                device, "there is no terminal to ask on; add --yes with the device's serial number")
        }
    }

    private static func refusal(_ device: BlockDevice, _ text: String) -> Failure {
        Failure(.usage, "\(device.path): \(text); nothing was written")
    }
}
