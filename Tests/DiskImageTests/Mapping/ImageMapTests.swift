import SystemPackage
import TestSupport
import Testing

@testable import DiskImage

/// The map of an image, compared with its layout.
struct ImageMapTests {
    @Test(arguments: SectorSize.allCases, FATType.allCases)
    func `the map of a UEFI image matches its layout`(
        _ sectorSize: SectorSize, _ type: FATType
    ) throws {
        let image = EFIImage(
            files: Sample.efiImage.files, identity: Sample.identity, medium: .disk(sectorSize),
            volume: EFIImage.Volume(type))
        let (layout, map) = try Self.map(image.layOut())
        Self.expect(map, toHave: layout)
        #expect(map.sectorSize == sectorSize)
        #expect(map.table?.copies.map(\.isSound) == [true, true])
        #expect(map.bootSector?.code == .passesOn)
        let partition = try #require(map.partitions.first)
        #expect(partition.typeName == "EFI system" && partition.name == "EFI System Partition")
        #expect(partition.fileSystem == type.name && partition.isOnDisk)
        #expect(map.partitions.count == 1)
        let volume = try #require(map.volumes.first)
        #expect(volume.label == "BOOTIMAGE" && volume.type == type)
        #expect(Set(volume.files.map(\.path)) == Set(Sample.files.map { "/\($0.path)" }))
        #expect(volume.folders.map(\.path).contains("/deep/er/and/deeper/still"))
        let written = volume.files.map { "\($0.modified)" }
        #expect(written.allSatisfy { $0 == "1980-01-01 00:00:00" })
        #expect(map.loaders.map(\.place) == ["/EFI/BOOT/BOOTX64.EFI"])
    }

    @Test func `the map of a BIOS image matches its layout`() throws {
        let (layout, map) = try Self.map(Sample.biosImage.layOut())
        Self.expect(map, toHave: layout)
        #expect(map.table == nil && map.volumes.isEmpty)
        #expect(map.bootSector?.code == .loader)
        #expect(map.bootSector?.entries.map(\.isActive) == [true, false, false, false])
        #expect(map.partitions.map(\.typeName) == ["data"])
        #expect(map.payload?.items.map(\.kind) == [.kernel, .ramdisk, .bootConfiguration])
        let loader = try #require(map.loaders.first)
        #expect(loader.digest == ContentDigest(ofBIOSLoader: Sample.loader) && loader.isForBIOS)
    }

    @Test func `the map of a hybrid image matches its layout`() throws {
        let image = SoundImage.hybrid
        let map = try ImageMap(of: image, image.verify())
        Self.expect(map, toHave: image.layout)
        #expect(map.bootSector?.code == .loader && map.bootSector?.isProtective == true)
        #expect(map.partitions.map(\.typeName) == ["EFI system", "BIOS boot"])
        #expect(map.payload?.items.map(\.kind) == [.kernel, .ramdisk])
        let prebuilt = try read(Project.root.appending("Bootloader/Prebuilt/bios.bin"))
        #expect(map.loaders.map(\.isForBIOS) == [true, false])
        #expect(map.loaders.first?.digest == ContentDigest(ofBIOSLoader: prebuilt))
        // The only copy of the kernel is the volume's file.
        #expect(
            map.regions.flattened.filter { $0.kind == .kernel }.map(\.name) == ["/kernel-x86_64"])
    }

    @Test func `the map of a disc matches its layout and has each file once`() throws {
        let image = SoundImage.disc
        let map = try ImageMap(of: image, image.verify())
        Self.expect(map, toHave: image.layout)
        let volume = try #require(map.isoVolume)
        #expect(volume.hierarchies.map(\.naming) == [.joliet, .plain])
        #expect(volume.bootImages.map(\.platformName) == ["BIOS", "UEFI"])
        #expect(volume.byteCount == map.byteCount.value)
        let files = map.volumes.flatMap(\.files)
        for file in volume.files where !file.isFolder {
            let other = files.first { $0.path.lowercased() == file.path.lowercased() }
            #expect(other?.runs == (file.bytes.isEmpty ? [] : [file.bytes]), "\(file.path)")
            let regions = map.regions.flattened.filter { $0.name == other?.path }
            #expect(regions.count == (file.bytes.isEmpty ? 0 : 1), "\(file.path)")
        }
        #expect(volume.files.count { !$0.isFolder } == files.count)
        let prebuilt = try read(Project.root.appending("Bootloader/Prebuilt/bios.bin"))
        #expect(map.loaders.first?.digest == ContentDigest(ofBIOSLoader: prebuilt))
    }

    @Test func `owned and unowned clusters make up the volume`() throws {
        let map = try ImageMap(of: SoundImage.uefi, SoundImage.uefi.verify())
        let volume = try #require(map.volumes.first)
        let length = volume.clusterByteCount
        let owned = (volume.files.map(\.runs) + volume.folders.map(\.runs)).joined()
            .reduce(0) { $0 + ($1.upperBound - $1.lowerBound + length - 1) / length }
        let unowned = volume.unowned.reduce(0) {
            $0 + ($1.bytes.upperBound - $1.bytes.lowerBound) / length
        }
        #expect(owned + unowned == volume.clusterCount)
        #expect(volume.unowned.allSatisfy { $0.mark == .free })
    }

    @Test(arguments: Corruption.all)
    func `a damaged image has a map`(_ corruption: Corruption) throws {
        let image = corruption.image
        let map = try ImageMap(of: image, image.verify())
        #expect(map.regions.fault(in: 0..<map.sectorCount.value) == nil)
    }

    @Test func `an image that was cut short has a map`() throws {
        for image in [SoundImage.bios, SoundImage.uefi, SoundImage.disc] {
            let whole = try ImageMap(of: image, image.verify())
            let ends = whole.partitions.map { $0.last.value * 512 }
            let starts = image.layout.extents.map {
                image.layout.sectorSize.offset(of: $0.start).value
            }
            for length in starts.flatMap({ [$0, $0 + 1, $0 + 511, $0 + 700] }) {
                let cut = CutImage(base: image, byteCount: ByteCount(length))
                let map = try ImageMap(
                    of: cut, Verification(of: cut, loaderFiles: Sample.loaderFiles))
                #expect(map.regions.fault(in: 0..<map.sectorCount.value) == nil, "\(length)")
                #expect(map.byteCount.value == length)
                if length > 4096 {
                    #expect(map.partitions.map(\.isOnDisk) == ends.map { length > $0 }, "\(length)")
                }
            }
        }
    }

    /// The first bytes of an image.
    private struct CutImage: DiskSource {
        let base: MemoryImage
        let byteCount: ByteCount

        func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
            precondition(offset + UInt64(count) <= byteCount.value, "read behind the end")
            return try base.read(count, at: offset)
        }
    }

    @Test func `a backup GPT alone identifies a disk`() throws {
        var backupAlone = SoundImage.uefi
        backupAlone.set([UInt8](repeating: 0, count: 2048), at: 0)
        let map = try ImageMap(of: backupAlone, backupAlone.verify())
        #expect(map.isImage && map.table?.copies.map(\.isBackup) == [true])
        #expect(map.partitions.map(\.typeName) == ["EFI system"])
        var nothing = SoundImage.bios
        nothing.set([UInt8](repeating: 0, count: nothing.bytes.count), at: 0)
        #expect(try !ImageMap(of: nothing, nothing.verify()).isImage)
    }

    @Test func `a partition of unknown type is named by GUID and name`() throws {
        var image = SoundImage.uefi
        image.setGPTEntry(0, [UInt8](repeating: 0x11, count: 16), at: 0)
        image.setGPTEntry(0, "O\0d\0d\0\0\0".utf8, at: 56)
        let map = try ImageMap(of: image, image.verify())
        let partition = try #require(map.partitions.first)
        #expect(partition.type == "11111111-1111-1111-1111-111111111111")
        #expect(partition.typeName == nil && partition.name == "Odd")
        let region = map.regions.first { $0.kind == .partition }
        #expect(region?.name == "partition 1, type \(partition.type), “Odd”, FAT32")
    }

    private static func map(_ layout: ImageLayout) throws -> (ImageLayout, ImageMap) {
        let image = MemoryImage(layout)
        return (layout, try ImageMap(of: image, image.verify()))
    }

    /// Each extent of the layout, including a file's whole last cluster, is in a region, and no
    /// sector is missing.
    private static func expect(_ map: ImageMap, toHave layout: ImageLayout) {
        #expect(map.regions.fault(in: 0..<layout.size.value) == nil)
        let regions = map.regions.flattened.filter { $0.parts.isEmpty && !$0.kind.isEmpty }
        // The map does not distinguish the backup FSInfo from reserved sectors.
        for extent in layout.extents where extent.name != "backup FSInfo" {
            let sectors = extent.sectors(of: layout.sectorSize)
            let isThere = [sectors.start, sectors.last].allSatisfy { sector in
                regions.contains { $0.sectors.start <= sector && sector <= $0.sectors.last }
            }
            #expect(isThere, "\(extent.name)")
            guard Sample.files.contains(where: { $0.path == extent.name }) else { continue }
            let region = regions.first { $0.sectors.start == sectors.start }
            #expect(region?.name.hasSuffix(extent.name) == true, "\(extent.name)")
        }
    }
}
