import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import DiskImage

/// Other tools' opinion of whole images, by their output: exit codes are unreliable.
///
/// Tools for partition tables assume sectors of 512 bytes in a file, and fatcat always does.
/// `SectorSizeTests` runs them on disks with longer sectors.
@Suite struct EFIImageToolAgreementTests {
    private static let start = 1 << 20

    @Test(.needs("fsck.fat"), arguments: SectorSize.allCases)
    func `fsck.fat finds nothing wrong`(sectorSize: SectorSize) async throws {
        try await withPartition(sectorSize) { partition in
            let verdict = try await Tool(name: "fsck.fat")("-n", partition.string)
            #expect(verdict.exitCode == 0)
            #expect(verdict.lines.count == 2, "\(verdict.text)")
        }
    }

    @Test(.needs("sfdisk")) func `sfdisk finds nothing wrong`() async throws {
        try await withImage { image in
            let verdict = try await Tool(name: "sfdisk")("--verify", image.string)
            #expect(verdict.lines.dropFirst().first == "No errors detected.", "\(verdict.text)")
            #expect(!verdict.says("mismatch", "corrupt", "overlap"), "\(verdict.text)")
        }
    }

    @Test(.needs("sgdisk")) func `sgdisk finds nothing wrong`() async throws {
        try await withImage { image in
            let verdict = try await Tool(name: "sgdisk")("-v", image.string)
            #expect(verdict.says("No problems found"), "\(verdict.text)")
            #expect(!verdict.says("Caution", "Warning"), "\(verdict.text)")
        }
    }

    @Test(.needs("parted")) func `parted finds an aligned system partition`() async throws {
        try await withImage { image in
            let parted = Tool(name: "parted")
            let print = try await parted("-s", "-m", image.string, "unit", "s", "print")
            #expect(print.exitCode == 0)
            #expect(print.says(":fat32:EFI System Partition:boot, esp;"), "\(print.text)")
            let align = try await parted("-s", image.string, "align-check", "optimal", "1")
            #expect(align.exitCode == 0, "\(align.text)")
        }
    }

    @Test(.needs("blkid")) func `blkid identifies the table`() async throws {
        try await withImage { image in
            let disk = try await Tool(name: "blkid")("-p", image.string)
            #expect(disk.says(#"PTTYPE="gpt""#), "\(disk.text)")
        }
    }

    @Test(.needs("blkid"), arguments: SectorSize.allCases)
    func `blkid identifies the file system`(sectorSize: SectorSize) async throws {
        try await withImage(sectorSize) { image in
            let volume = try await Tool(name: "blkid")(
                "-p", "-O", "\(Self.start)", image.string)
            #expect(volume.says(#" BLOCK_SIZE="\#(sectorSize.rawValue)""#), "\(volume.text)")
            #expect(volume.says(#"TYPE="vfat""#), "\(volume.text)")
            #expect(volume.says(#"LABEL="BOOTIMAGE""#), "\(volume.text)")
        }
    }

    @Test(.needs("mdir"), arguments: SectorSize.allCases)
    func `mdir lists every file`(sectorSize: SectorSize) async throws {
        try await withImage(sectorSize) { image in
            let verdict = try await Tool(name: "mdir")(
                "-/", "-b", "-i", "\(image)@@\(Self.start)", "::")
            #expect(verdict.exitCode == 0)
            let found = verdict.lines.filter { !$0.hasSuffix("/") }
            #expect(Set(found) == Set(Sample.files.map { "::/\($0.path)" }))
        }
    }

    @Test(.needs("mcopy"), arguments: SectorSize.allCases)
    func `mcopy reads every file back`(sectorSize: SectorSize) async throws {
        try await withImage(sectorSize) { image in
            let copy = image.removingLastComponent().appending("copy")
            try FileManager.default.createDirectory(
                atPath: copy.string, withIntermediateDirectories: false)
            let verdict = try await Tool(name: "mcopy")(
                "-s", "-n", "-i", "\(image)@@\(Self.start)", "::/", copy.string)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            for file in Sample.files {
                #expect(try read(copy.appending(file.path)) == file.bytes, "\(file.path)")
            }
            let found = try FileManager.default.subpathsOfDirectory(atPath: copy.string)
            #expect(found.count == Sample.files.count + 7, "files and folders")
        }
    }

    @Test(
        .needs("fatcat"),
        arguments: [("-2", "exactly equal"), ("-o", "seems clean")])
    func `fatcat finds nothing wrong with the tables`(option: String, praise: String) async throws {
        try await withPartition(.bytes512) { partition in
            let verdict = try await Tool(name: "fatcat")(partition.string, option)
            #expect(verdict.says(praise), "\(verdict.text)")
        }
    }

    @Test(.needs("7z")) func `7z reads the image`() async throws {
        try await withImage { image in
            let verdict = try await Tool(name: "7z")("t", image.string)
            #expect(verdict.says("Everything is Ok"), "\(verdict.text)")
            #expect(verdict.says("Files: \(Sample.files.count)"), "\(verdict.text)")
            #expect(!verdict.says("ERROR"), "\(verdict.text)")
        }
    }

    private func withImage(
        _ sectorSize: SectorSize = .bytes512, _ body: (FilePath) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let image = folder.appending("efi.img")
            try ImageWriter().write(Sample.efiImage(sectorSize).layOut(), to: image)
            try await body(image)
        }
    }

    /// The system partition as a separate file.
    private func withPartition(
        _ sectorSize: SectorSize, _ body: (FilePath) async throws -> Void
    ) async throws {
        try await withImage(sectorSize) { image in
            let layout = try Sample.efiImage(sectorSize).layOut()
            let entry = try #require(layout.partitionTable?.partitions.first)
            let count = entry.last - entry.first + SectorCount(1)
            let partition = image.removingLastComponent().appending("partition.img")
            try await Tool(name: "dd").succeed([
                "if=\(image)", "of=\(partition)", "bs=\(sectorSize.rawValue)",
                "skip=\(entry.first)", "count=\(count.value)", "conv=sparse", "status=none",
            ])
            try await body(partition)
        }
    }
}

/// Other tools' opinion of a BIOS image; `BIOSImageTests` checks the rest.
@Suite struct BIOSImageToolAgreementTests {
    @Test(.needs("sfdisk")) func `sfdisk finds nothing wrong`() async throws {
        try await withImage { image in
            let verdict = try await Tool(name: "sfdisk")("--verify", image.string)
            #expect(verdict.lines.dropFirst().first == "No errors detected.", "\(verdict.text)")
            #expect(!verdict.says("mismatch", "corrupt", "overlap"), "\(verdict.text)")
        }
    }

    @Test(.needs("parted")) func `parted finds one aligned boot partition`() async throws {
        try await withImage { image in
            let parted = Tool(name: "parted")
            let print = try await parted("-s", "-m", image.string, "unit", "s", "print")
            #expect(print.exitCode == 0)
            #expect(print.lines.last == "1:2048s:4095s:2048s:::boot;", "\(print.text)")
            let align = try await parted("-s", image.string, "align-check", "optimal", "1")
            #expect(align.exitCode == 0, "\(align.text)")
        }
    }

    @Test(.needs("blkid")) func `blkid identifies the MBR`() async throws {
        try await withImage { image in
            let verdict = try await Tool(name: "blkid")("-p", image.string)
            #expect(verdict.says(#"PTTYPE="dos""#), "\(verdict.text)")
        }
    }

    @Test(.needs("7z")) func `7z reads the image`() async throws {
        try await withImage { image in
            let verdict = try await Tool(name: "7z")("t", image.string)
            #expect(verdict.says("Everything is Ok"), "\(verdict.text)")
            #expect(!verdict.says("ERROR"), "\(verdict.text)")
        }
    }

    private func withImage(_ body: (FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let image = folder.appending("bios.img")
            try ImageWriter().write(Sample.biosImage.layOut(), to: image)
            try await body(image)
        }
    }
}
