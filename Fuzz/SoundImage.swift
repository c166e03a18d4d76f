import DiskImage

/// A small image without a fault, which inputs of the image reader patch.
///
/// The raw value is the first byte of such an input.
enum SoundImage: UInt8, CaseIterable {
    case bios, uefi
    /// A disc that is a disk for BIOS and UEFI as well.
    case disc

    /// The image's layout, made once.
    var layout: ImageLayout { Self.layouts[Int(rawValue)] }

    /// The image's bytes, made once.
    var bytes: [UInt8] { Self.bytes[Int(rawValue)] }

    private static let layouts = allCases.map { image in
        do {
            return try image.layOut()
        } catch {
            fatalError("the sound image \(image) has no layout: \(error)")
        }
    }

    private static let bytes = layouts.map { layout in
        var bytes = [UInt8](repeating: 0, count: Int(layout.byteCount.value))
        for extent in layout.extents {
            guard let content = extent.content.bytes else { continue }
            let start = Int(layout.sectorSize.offset(of: extent.start).value)
            bytes.replaceSubrange(start..<start + content.count, with: content)
        }
        return bytes
    }

    private func layOut() throws -> ImageLayout {
        let loader = [UInt8](repeating: 0x90, count: 1024)
        if self == .bios {
            return try BIOSImage(
                loader: loader,
                payload: [PayloadItem(kind: .kernel, content: .bytes(Array("kernel".utf8)))],
                identity: ImageIdentity(1, 2)
            ).layOut()
        }
        let paths = ["EFI/BOOT/BOOTX64.EFI", "kernel-x86_64", "a folder/a long name.txt"]
        let boot = BIOSBoot(
            loader: loader, files: [LoaderFile(path: "kernel-x86_64", kind: .kernel)])
        return try EFIImage(
            files: paths.map { EFIImage.File(path: $0, content: .bytes(Array($0.utf8))) },
            identity: ImageIdentity(3, 4),
            medium: self == .disc ? .disc(boot) : .disk(.bytes512), volume: EFIImage.Volume(.fat12)
        ).layOut()
    }
}
