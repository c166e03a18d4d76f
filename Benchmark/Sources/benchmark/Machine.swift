import Foundation

/// A QEMU machine whose clock counts instructions, one per nanosecond: results do not depend on
/// the host's speed.
///
/// Run one at a time on an idle host: a guest that polls its disk keeps counting while QEMU waits
/// for the host to read.
struct Machine {
    /// The name in the report.
    let name: String
    fileprivate let arguments: [String]

    static let biosIDE = Self(
        name: "BIOS, IDE",
        arguments: ["-machine", "pc", "-device", "ide-hd,drive=disk,bootindex=0"])
    static let biosVirtio = Self(
        name: "BIOS, virtio",
        arguments: ["-machine", "pc", "-device", "virtio-blk-pci,drive=disk,bootindex=0"])

    /// The machine with UEFI; the tool finds the firmware.
    static func uefi(knownTo tool: String, image: String) throws -> Self {
        let usage = try Command(
            label: "firmware",
            arguments: [tool, "run", image, "--firmware", "uefi", "--dry-run"]
        ).run()
        let drives = usage.output.split { $0 == " " || $0 == "\n" }.filter {
            $0.contains("if=pflash")
        }
        return Self(
            name: "UEFI, virtio",
            arguments: ["-machine", "q35", "-device", "virtio-blk-pci,drive=disk,bootindex=0"]
                + drives.flatMap { ["-drive", String($0)] })
    }

    /// Boots an image that prints the time stamp counter on COM1 and makes QEMU exit with 33;
    /// returns the virtual ms since reset.
    func boot(_ image: String) throws -> Double {
        let usage = try Command(
            label: image,
            arguments: [
                "timeout", "300", "qemu-system-x86_64", "-accel", "tcg",
                "-icount", "shift=0,sleep=off", "-m", "256M", "-nic", "none", "-display", "none",
                "-serial", "stdio", "-no-reboot",
                "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
                "-drive", "if=none,id=disk,format=raw,snapshot=on,file=\(image)",
            ] + arguments, status: 33
        ).run()
        let printed = usage.output.trimmingCharacters(in: .whitespacesAndNewlines).suffix(16)
        guard let counter = UInt64(printed, radix: 16) else {
            throw BenchmarkError("\(image) on \(name): no counter:\n\(usage.output)")
        }
        return Double(counter) / 1e6
    }
}
