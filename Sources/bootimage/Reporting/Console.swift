#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import SystemPackage

/// What the commands say: results on standard output, everything else on standard error.
enum Console {
    static func print(_ line: String) { write(line + "\n", to: .standardOutput) }

    static func warning(_ message: String) {
        write("bootimage: warning: \(message)\n", to: .standardError)
    }

    static func error(_ message: String) {
        write("bootimage: \(message)\n", to: .standardError)
    }

    /// A reader that has gone away is no reason to fail.
    private static func write(_ text: String, to descriptor: FileDescriptor) {
        _ = try? descriptor.writeAll(text.utf8)
    }
}

/// The process's environment variables.
enum Environment {
    static subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The firmware that `BOOTIMAGE_FIRMWARE` names, if it is set.
    static func firmware() throws(Failure) -> Firmware? {
        guard let value = self["BOOTIMAGE_FIRMWARE"], !value.isEmpty else { return nil }
        guard let firmware = Firmware(rawValue: value) else {
            throw Failure(.usage, "BOOTIMAGE_FIRMWARE is “\(value)”; it must be bios or uefi")
        }
        return firmware
    }
}
