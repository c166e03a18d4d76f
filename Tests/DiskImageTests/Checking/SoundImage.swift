import SystemPackage
import TestSupport

@testable import DiskImage

/// An image in memory, with the places of its regions.
struct MemoryImage: DiskSource {
    var bytes: [UInt8]
    let layout: ImageLayout

    var byteCount: ByteCount { ByteCount(of: bytes) }

    func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
        Array(bytes[Int(offset)..<Int(offset) + count])
    }

    init(_ layout: ImageLayout) {
        self.layout = layout
        bytes = [UInt8](repeating: 0, count: Int(layout.byteCount.value))
        for extent in layout.extents {
            let content = content(of: extent)
            let start = Int(layout.sectorSize.offset(of: extent.start).value)
            bytes.replaceSubrange(start..<start + content.count, with: content)
        }
    }

    /// Where the region of that name starts, in bytes.
    func offset(of region: String) -> Int {
        layout[region].map { Int(layout.sectorSize.offset(of: $0.start).value) } ?? -1
    }

    /// Checks the image.
    func verify() throws -> Verification {
        try Verification(of: self, loaderFiles: Sample.loaderFiles)
    }
}

extension MemoryImage {
    /// Reads the number at an offset, least significant byte first.
    func number<Number: FixedWidthInteger & UnsignedInteger>(
        at offset: Int, _: Number.Type = Number.self
    ) -> Number {
        bytes[offset..<offset + Number.bitWidth / 8].reversed().reduce(0) { $0 << 8 | Number($1) }
    }

    /// Overwrites bytes with a number.
    mutating func set(_ number: some FixedWidthInteger & UnsignedInteger, at offset: Int) {
        var rest = number
        for index in 0..<number.bitWidth / 8 {
            bytes[offset + index] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
    }

    /// Overwrites bytes.
    mutating func set(_ new: some Collection<UInt8>, at offset: Int) {
        bytes.replaceSubrange(offset..<offset + new.count, with: new)
    }
}

/// Images without a fault, each created once.
enum SoundImage {
    /// All kinds of names, nested folders, a file of several clusters and an empty one.
    static let uefi = efi(.disk(.bytes512))

    /// The same files, and a BIOS loader that loads two of them; one is empty.
    static let hybrid = efi(.hybrid(biosBoot))

    /// The same for a disc.
    static let disc = efi(.disc(biosBoot))

    private static let biosBoot: BIOSBoot = {
        do {
            return BIOSBoot(
                loader: try read(Project.root.appending("Bootloader/Prebuilt/bios.bin")),
                files: [
                    LoaderFile(path: "kernel-x86_64", kind: .kernel),
                    LoaderFile(path: "empty", kind: .ramdisk),
                ])
        } catch {
            fatalError("the loader cannot be read: \(error)")
        }
    }()

    private static func efi(_ medium: EFIImage.Medium) -> MemoryImage {
        do {
            let loader = try read(Project.root.appending("Bootloader/Prebuilt/BOOTX64.EFI"))
            let files: [(String, [UInt8])] = [
                ("EFI/BOOT/BOOTX64.EFI", loader), ("kernel-x86_64", Sample.noise(100_000)),
                ("docs/deep/A long name for a file.txt", Sample.noise(2_000, seed: 3)),
                ("docs/ünïcode", Sample.noise(700, seed: 4)), ("empty", []),
            ]
            let isForUEFIOnly = medium == .disk(.bytes512)
            let identity = ImageIdentity(
                files: files.map { ($0.0, ContentDigest(of: $0.1)) },
                biosLoader: isForUEFIOnly ? nil : ContentDigest(ofBIOSLoader: biosBoot.loader))
            let contents = files.map { EFIImage.File(path: $0.0, content: .bytes($0.1)) }
            return MemoryImage(
                try EFIImage(files: contents, identity: identity, medium: medium).layOut())
        } catch {
            fatalError("the sample has no layout: \(error)")
        }
    }

    static let bios: MemoryImage = {
        do {
            let loader = try read(Project.root.appending("Bootloader/Prebuilt/bios.bin"))
            let items: [(PayloadKind, [UInt8])] = [
                (.kernel, Sample.noise(100_000, seed: 5)), (.ramdisk, Sample.noise(5_000, seed: 6)),
            ]
            let identity = ImageIdentity(
                biosLoader: ContentDigest(ofBIOSLoader: loader),
                payload: items.map { ($0.0, ContentDigest(of: $0.1)) })
            let payload = items.map { PayloadItem(kind: $0.0, content: .bytes($0.1)) }
            return MemoryImage(
                try BIOSImage(loader: loader, payload: payload, identity: identity).layOut())
        } catch {
            fatalError("the sample has no layout: \(error)")
        }
    }()
}
