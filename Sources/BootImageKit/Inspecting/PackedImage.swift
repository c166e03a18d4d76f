/// A file that holds an image in a form that must be undone before it can be read.
enum PackedImage {
    private struct Form {
        let mark: [UInt8]
        let name: String
        let remedy: String

        /// What `qemu-img` knows.
        init(container name: String, _ mark: String) {
            self.init(
                name, Array(mark.utf8), "qemu-img convert -O raw FILE disk.img makes a raw image")
        }

        init(_ name: String, _ mark: [UInt8], _ remedy: String) {
            (self.name, self.mark, self.remedy) = (name, mark, remedy)
        }
    }

    private static let forms = [
        Form(
            "qcow2", [0x51, 0x46, 0x49, 0xFB],
            "qemu-img convert -O raw FILE disk.img makes a raw image"),
        Form(container: "VMDK", "KDMV"), Form(container: "VHDX", "vhdxfile"),
        Form(container: "VHD", "conectix"), Form(container: "VDI", "<<< "),
        Form("zstd", [0x28, 0xB5, 0x2F, 0xFD], "unpack it: zstd -d FILE"),
        Form("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "unpack it: xz -dk FILE"),
        Form("gzip", [0x1F, 0x8B], "unpack it: gzip -dk FILE"),
    ]

    /// How much of a file tells: a boot sector may begin with anything, but ends in 55 AA.
    static let examinedByteCount = 512

    /// What a file that begins so is, and what to do about it; `nil` if none is known.
    static func explanation(for start: [UInt8]) -> String? {
        if start.count == examinedByteCount, start.suffix(2) == [0x55, 0xAA] { return nil }
        return forms.first { start.starts(with: $0.mark) }
            .map { "is in the form \($0.name), which is not read; \($0.remedy)" }
    }
}
