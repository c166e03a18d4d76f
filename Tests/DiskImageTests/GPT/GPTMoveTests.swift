import SystemPackage
import TestSupport
import Testing

@testable import DiskImage

/// An image's GPT on a longer disk.
struct GPTMoveTests {
    /// Additional sectors: fewer than a backup GPT has, as many, one more, and many.
    static let additions: [UInt64] = [1, 33, 34, 5000]

    /// Images by name: a test's arguments are printed.
    enum Kind: CaseIterable {
        case uefi, hybrid

        var image: MemoryImage { self == .uefi ? SoundImage.uefi : SoundImage.hybrid }
    }

    @Test(arguments: Kind.allCases, additions)
    func `a moved table is sound`(_ kind: Kind, _ addition: UInt64) throws {
        let image = kind.image
        let moved = try Self.moved(image, by: addition)
        let verification = try moved.verify()
        #expect(verification.findings == [])
    }

    @Test(.needs("sgdisk"), arguments: Kind.allCases, additions)
    func `sgdisk finds nothing wrong`(_ kind: Kind, _ addition: UInt64) async throws {
        let moved = try Self.moved(kind.image, by: addition)
        try await withTemporaryFolder { folder in
            let file = folder.appending("disk")
            try write(moved.bytes, to: file)
            let verdict = try await Tool(name: "sgdisk").succeed(["--verify", file.string])
            #expect(verdict.says("No problems found"), "\(verdict.text)")
        }
    }

    @Test func `sectors of 4 KiB are supported`() throws {
        let image = MemoryImage(try Sample.efiImage(.bytes4096).layOut())
        for addition: UInt64 in [1, 5, 300] {
            let moved = try Self.moved(image, by: addition, .bytes4096)
            let disk = SectorCount(moved.byteCount.value / 4096)
            let header = try moved.gptHeader("", at: LBA(1), .bytes4096)
            #expect(header.otherAddress == disk.value - 1)
            #expect(header.lastUsable == disk.value - 6)
            let backup = try moved.gptHeader("", at: LBA(disk.value - 1), .bytes4096)
            #expect(backup.isPresent && backup.sector.number(at: 24) == header.otherAddress)
            #expect(backup.entriesAddress == disk.value - 5)
            #expect(backup.entriesChecksum == header.entriesChecksum)
        }
    }

    @Test func `only the protective entry's end changes in the first sector`() throws {
        var image = SoundImage.hybrid
        image.set(UInt8(0x80), at: 446)
        let moved = try Self.moved(image, by: 5000)
        let changed = (0..<512).filter { index in moved.bytes[index] != image.bytes[index] }
        // The CHS address of the last sector, and the number of sectors.
        #expect(Set(changed).isSubset(of: Set(451...453).union(458...461)), "\(changed)")
        let sectors = moved.bytes.count / 512
        #expect(moved.number(at: 458, UInt32.self) == UInt32(sectors - 1))
        #expect(moved.bytes[446] == 0x80)
    }

    @Test func `other entries stay unchanged`() throws {
        var image = SoundImage.uefi
        image.set(UInt8(0xEF), at: 446 + 16 + 4)
        let moved = try Self.moved(image, by: 5000)
        let isSame = moved.bytes[462..<510] == image.bytes[462..<510]
        #expect(isSame)
    }

    @Test func `nothing changes on a disk of the same length or without a GPT`() throws {
        for (image, addition): (MemoryImage, UInt64) in [
            (SoundImage.uefi, 0), (SoundImage.hybrid, 0), (SoundImage.bios, 5000),
        ] {
            let disk = SectorCount(UInt64(image.bytes.count / 512) + addition)
            #expect(try GPTMove.changes(of: image, sectorSize: .bytes512, to: disk) == [])
        }
    }

    /// The image with more sectors, after the changes.
    private static func moved(
        _ image: MemoryImage, by addition: UInt64, _ size: SectorSize = .bytes512
    ) throws -> MemoryImage {
        var result = image
        result.bytes += repeatElement(0, count: Int(addition) * size.rawValue)
        let disk = SectorCount(UInt64(result.bytes.count / size.rawValue))
        for change in try GPTMove.changes(of: image, sectorSize: size, to: disk) {
            result.set(change.bytes, at: Int(change.offset))
        }
        return result
    }
}
