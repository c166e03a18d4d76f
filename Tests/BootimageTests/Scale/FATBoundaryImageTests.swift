import SystemPackage
import TestSupport
import Testing

@testable import DiskImage

/// Images written at the very lengths at which another plan is made.
@Suite(.needsImageTools)
struct FATBoundaryImageTests {
    @Test(arguments: FATType.allCases)
    func `every tool finds images at a boundary in order`(_ type: FATType) async throws {
        let loader = try read(Project.root.appending("Bootloader/Prebuilt/BOOTX64.EFI")).count
        let others = [
            ("EFI/BOOT/BOOTX64.EFI", loader), ("kernel-x86_64", try await HelloKernel.bytes.count),
        ]
        // The sample has no long ones: they take a second each.
        let longest = Soak.count(2200 << 20, sample: 130 << 20)
        let boundaries = Boundary.changes(in: 0...longest, step: 1 << 20) { length in
            Self.cluster(type, of: others, and: length)
        }
        let kept = Soak.isOn ? boundaries : Array(boundaries.suffix(2))
        let lengths = kept.flatMap { boundary in
            let isLimit = Self.cluster(type, of: others, and: boundary) == nil
            return Self.distances(isLimit: isLimit).map { boundary + $0 }
        }
        var (count, refusals, faults) = (0, 0, [String]())
        for length in lengths {
            if Self.cluster(type, of: others, and: length) == nil {
                refusals += 1
                try await Self.expectRefusal(type, length)
            } else {
                count += 1
                faults += try await Self.faults(type, length).map { "\(length) bytes: \($0)" }
            }
        }
        print(
            "boundaries of \(type.name) \(kept.count), images \(count), refusals \(refusals), "
                + "faults \(faults.count)")
        #expect(faults.isEmpty, "\(faults.prefix(20).joined(separator: "\n"))")
        #expect(count > 0)
    }

    /// How far from a boundary images are written; where a type has no more room, every sector.
    private static func distances(isLimit: Bool) -> [Int] {
        guard Soak.isOn else { return [-1, 0] }
        let around = 64 << 10
        let sectors = isLimit ? Array(stride(from: -around, through: around, by: 512)) : []
        return Set(sectors + [-around, -512, -1, 0, 1, 511, 512, around]).sorted()
    }

    /// How long the clusters of a file's image are that also has loader and kernel; nil if there is
    /// no such image.
    private static func cluster(
        _ type: FATType, of lengths: [(String, Int)], and length: Int
    ) -> SectorCount? {
        let files = (lengths + [("FILE", length)]).map { path, length in
            let content = Content.input(index: 0, length: ByteCount(UInt64(length)))
            return EFIImage.File(path: path, content: content)
        }
        let placement = try? FATPlacement(FolderTree(files), type, .bytes512)
        return placement?.geometry.format.cluster
    }

    private static func faults(_ type: FATType, _ length: Int) async throws -> [String] {
        var faults: [String] = []
        try await withKernel { folder, _ in
            let files = [try holes(length, in: folder)]
            faults = try await ImageReport.ofImage(type, of: files, in: folder)
        }
        return faults
    }

    private static func expectRefusal(_ type: FATType, _ length: Int) async throws {
        try await withKernel { folder, kernel in
            let file = try holes(length, in: folder)
            try await Project.bootimage(
                "build", kernel.string, "--firmware", "uefi", "--esp-fat", "\(type.rawValue)",
                "--file", "FILE=\(file.source)"
            ).expectRefusal(65, saying: "the limit of \(type.name) is ", "FAT32 (--esp-fat ")
            #expect(try names(in: folder) == ["kernel.elf", "source"])
        }
    }

    private static func holes(_ length: Int, in folder: FilePath) throws -> RandomFiles.File {
        let source = folder.appending("source")
        let descriptor = try FileDescriptor.open(
            source, .writeOnly, options: .create, permissions: .ownerReadWrite)
        try descriptor.closeAfter {
            try descriptor.resize(to: Int64(length))
            let mark = Array("the end".utf8)
            try descriptor.writeAll(toAbsoluteOffset: Int64(length - mark.count), mark)
        }
        return RandomFiles.File(path: "FILE", byteCount: length, source: source)
    }
}
