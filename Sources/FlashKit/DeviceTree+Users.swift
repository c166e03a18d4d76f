import HostSystem
import SystemPackage

// Mounted file systems and swap.
extension DeviceTree {
    /// Returns the uses of these devices: mount points first, then swap.
    func uses(of members: [(name: String, number: DeviceNumber)]) -> [BlockDevice.Use] {
        let mounts = mounts()
        let swaps = swaps()
        let mounted = members.flatMap { member in
            mounts.filter { $0.number == member.number || $0.source == member.name }
                .map { BlockDevice.Use.mounted(member.name, at: $0.point) }
        }
        let swapped = members.filter { swaps.contains($0.name) }
            .map { BlockDevice.Use.swap($0.name) }
        return mounted + swapped
    }

    private struct Mount {
        /// Differs from the device's for file systems over several devices, such as btrfs.
        let number: DeviceNumber?
        /// The device's name, if it has one.
        let source: String?
        let point: String
    }

    /// Parses /proc/self/mountinfo (proc(5)): optional fields end with a hyphen, after which the
    /// type and the source follow.
    private func mounts() -> [Mount] {
        lines("self/mountinfo").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 5 else { return nil }
            let end = words.firstIndex(of: "-") ?? words.endIndex
            let source = end + 2 < words.endIndex ? words[end + 2] : ""
            return Mount(
                number: DeviceNumber(words[2]), source: name(of: Self.unescaped(source)),
                point: Self.unescaped(words[4]))
        }
    }

    /// The names of devices used as swap; a swap file is on a mounted device.
    private func swaps() -> Set<String> {
        Set(
            lines("swaps").dropFirst().compactMap { line in
                line.split(whereSeparator: { $0 == " " || $0 == "\t" }).first
                    .flatMap { name(of: Self.unescaped($0)) }
            })
    }

    private func lines(_ file: String) -> [Substring] {
        text(proc, file)?.split(separator: "\n") ?? []
    }

    /// Returns the kernel's name of the device with that path, which may be a symbolic link.
    private func name(of path: String) -> String? {
        guard path.hasPrefix("/dev/") else { return nil }
        let node = dev.appending(String(path.dropFirst("/dev/".count)))
        guard let folder = dev.resolved, var real = node.resolved,
            real.removePrefix(folder)
        else { return nil }
        return String(real.string.map { $0 == "/" ? "!" : $0 })
    }

    /// Decodes octal escapes such as `\040`.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(3), as: UTF8.self)
            if byte == UInt8(ascii: "\\"), digits.count == 3, let code = UInt8(digits, radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
