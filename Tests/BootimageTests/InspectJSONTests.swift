import Foundation
import SystemPackage
import TestSupport
import Testing

/// `bootimage inspect --json` of images: what docs/inspect.md says, and what other tools read.
@Suite(.needs("clang", "ld.lld"))
struct InspectJSONTests {
    @Test(arguments: [["--firmware", "bios"], ["--firmware", "uefi", "--esp-fat", "16"]])
    func `every key is there`(_ options: [String]) async throws {
        try await InspectImageTests.withImage(options) { _, image in
            let text = try await Project.bootimage.succeed(["inspect", "--json", image.string])
            let members =
                try JSONSerialization.jsonObject(with: Data(text.output.utf8)) as? [String: Any]
            #expect(
                members?.keys.sorted() == [
                    "boot_sector", "card", "errors", "file", "format", "gpt", "iso9660", "kernel",
                    "kernels",
                    "loaders", "partitions", "payload", "regions", "sector_size", "sectors",
                    "size", "volumes", "warnings",
                ])
            let report = try Self.report(text.output)
            #expect(report.file == image.string && report.errors == 0 && report.warnings == 0)
            #expect(report.size == (try read(image)).count)
            #expect(report.kernel?.loadable == true)
            #expect(report.loaders.map(\.own) == [true])
            #expect(report.loaders.first?.version == "0.1.0-dev")
            #expect(report.loaders.first?.firmware == options[1])
            var next = 0
            for region in report.regions {
                #expect(region.first_sector == next && region.sectors > 0)
                next += region.sectors
            }
            #expect(next == report.sectors)
        }
    }

    @Test(.needs("sfdisk"), arguments: ["bios", "uefi"])
    func `sfdisk reads the same table`(_ firmware: String) async throws {
        try await InspectImageTests.withImage(["--firmware", firmware]) { _, image in
            let report = try await Self.report(of: image)
            let theirs = try JSONDecoder().decode(
                Table.self,
                from: Data(
                    try await Tool(name: "sfdisk").succeed(["--json", image.string]).output.utf8))
            #expect(report.partitions.count == theirs.partitiontable.partitions.count)
            for (mine, other) in zip(report.partitions, theirs.partitiontable.partitions) {
                #expect(mine.first_sector == other.start && mine.sectors == other.size)
                #expect(mine.guid == other.uuid)
                #expect(mine.type.lowercased().hasSuffix(other.type.lowercased()))
                #expect(mine.active == (other.bootable ?? false))
            }
            let id = report.gpt?.disk_guid ?? report.boot_sector?.disk_signature
            #expect(id == theirs.partitiontable.id)
        }
    }

    @Test func `a file's extents hold the file`() async throws {
        try await InspectImageTests.withImage(["--firmware", "uefi", "--esp-fat", "12"]) {
            folder, image in
            let report = try await Self.report(of: image)
            let files = try #require(report.volumes.first).files
            let ramdisk = try #require(files.first { $0.path == "/ramdisk" })
            let bytes = try read(image)
            let found = try ramdisk.extents.flatMap { extent in
                let start = try #require(Int(extent.offset.dropFirst(2), radix: 16))
                return bytes[start..<start + extent.size]
            }
            #expect(try found == read(folder.appending("ramdisk")))
            #expect(files.filter(\.folder).map(\.path) == ["/EFI", "/EFI/BOOT"])
            #expect(ramdisk.modified == "1980-01-01 00:00:00")
        }
    }

    static func report(of image: FilePath) async throws -> Report {
        try report(try await Project.bootimage.succeed(["inspect", "--json", image.string]).output)
    }

    private static func report(_ text: String) throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(text.utf8))
    }

    /// What docs/inspect.md says about the object.
    struct Report: Decodable {
        struct Region: Decodable {
            let name, kind: String
            let first_sector, sectors, size: Int
            let cut: Bool
            let parts: [Region]
        }
        struct BootSector: Decodable {
            let code, disk_signature: String
            let signature: Bool
        }
        struct GPT: Decodable { let disk_guid: String }
        struct Partition: Decodable {
            let number, first_sector, last_sector, sectors: Int
            let type, name, attributes: String
            let type_name, guid, file_system: String?
            let active, on_disk: Bool
        }
        struct Volume: Decodable {
            let partition: Int?
            let type, offset, serial_number: String
            let label: String?
            let size, cluster_size, clusters, free_clusters, bad_clusters, lost_clusters: Int
            let files: [File]
        }
        struct File: Decodable {
            let path: String
            let folder: Bool
            let size: Int
            let modified: String?
            let extents: [Extent]
        }
        struct Extent: Decodable {
            let first_cluster, size: Int
            let offset: String
        }
        struct Loader: Decodable {
            let place, offset, firmware: String
            let own, signed: Bool
            let version: String?
        }
        struct ISOVolume: Decodable {
            struct File: Decodable {
                let path: String
                let folder: Bool
                let size: Int
                let offset: String?
            }
            let label: String
            let files: [File]
        }
        struct Kernel: Decodable { let loadable: Bool }

        let file: String
        let format: String?
        let size, sector_size, sectors, errors, warnings: Int
        let regions: [Region]
        let boot_sector: BootSector?
        let gpt: GPT?
        let iso9660: ISOVolume?
        let partitions: [Partition]
        let volumes: [Volume]
        let loaders: [Loader]
        let kernel: Kernel?
    }

    /// What `sfdisk --json` prints.
    private struct Table: Decodable {
        struct Contents: Decodable {
            let id: String
            let partitions: [Partition]
        }
        struct Partition: Decodable {
            let start, size: Int
            let type: String
            let uuid: String?
            let bootable: Bool?
        }
        let partitiontable: Contents
    }
}
