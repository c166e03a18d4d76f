import SystemPackage

extension BootImage {
    /// Detects whether a file is an image or a kernel, and inspects it.
    ///
    /// An image may be damaged, and made by any tool. If `llvm-objdump` is on `PATH`, the code of a
    /// kernel for x86-64 is searched for what interrupts break. Nothing is written.
    ///
    /// - Parameter file: The path of a raw disk image, a block device, or an ELF file.
    /// - Returns: A value with all structures. Encoded, it has the keys that
    ///   `bootimage inspect --json` prints.
    /// - Throws: ``InspectionError`` if the file cannot be read, is compressed or is a container.
    public static func inspect(_ file: String) throws(InspectionError) -> FileInspection {
        try FileInspection(of: FilePath(file))
    }

    /// Checks whether an image is sound: partition tables, volumes, loaders, payload, kernels,
    /// signatures.
    ///
    /// - Parameter image: The path of a raw disk image or a block device.
    /// - Returns: The verdict, every finding with its offset in bytes, and the contents; encoded,
    ///   it has the keys of `bootimage verify --json`.
    /// - Throws: ``InspectionError`` if the image cannot be read.
    public static func verify(_ image: String) throws(InspectionError) -> ImageReport {
        try ImageReport(verifying: FilePath(image))
    }
}
