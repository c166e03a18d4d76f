import SystemPackage

@testable import DiskImage

/// Typical images, with contents that reveal misplaced bytes.
enum Sample {
    static let identity = ImageIdentity(0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210)

    /// Pseudorandom bytes, the same for the same seed.
    static func noise(_ count: Int, seed: UInt32 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    /// The files by which this project's loaders find what they load.
    static let loaderFiles = [
        LoaderFile(path: "kernel-x86_64", kind: .kernel),
        LoaderFile(path: "ramdisk", kind: .ramdisk),
        LoaderFile(path: "boot.json", kind: .bootConfiguration),
    ]

    /// A boot sector and a second part.
    static let loader = noise(512 + 8192, seed: 7)

    /// Capitals, long names, nested folders, an empty file and one of 3 MiB.
    static let files: [(path: String, bytes: [UInt8])] = [
        ("EFI/BOOT/BOOTX64.EFI", noise(40_000, seed: 2)),
        ("kernel-x86_64", noise(3 << 20, seed: 3)),
        ("ramdisk", noise(5_000, seed: 4)),
        ("boot.json", Array("{}\n".utf8)),
        ("empty", []),
        ("a long name with spaces and more than twenty-six units.text", noise(1, seed: 5)),
        ("deep/er/and/deeper/still/Ünïcödé.dat", noise(4096, seed: 6)),
        ("EFI/BOOT/FALLBACK.CSV", noise(513, seed: 8)),
    ]

    static let efiImage = efiImage(.bytes512)

    static func efiImage(_ sectorSize: SectorSize) -> EFIImage {
        EFIImage(
            files: files.map { EFIImage.File(path: $0.path, content: .bytes($0.bytes)) },
            identity: identity, medium: .disk(sectorSize))
    }

    static let biosImage = BIOSImage(
        loader: loader,
        payload: [
            PayloadItem(kind: .kernel, content: .bytes(noise(300_001, seed: 9))),
            PayloadItem(kind: .ramdisk, content: .bytes(noise(4097, seed: 10))),
            PayloadItem(kind: .bootConfiguration, content: .bytes(Array("{}".utf8))),
        ],
        identity: identity)
}
