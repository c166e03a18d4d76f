import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import DiskImage

/// Other tools' opinion of a disc image: an ISO 9660 volume over the same files.
@Suite struct DiscAgreementTests {
    /// Names longer than Joliet's 64 units, two with the same ISO 9660 name, many in one folder.
    private static let files: [(path: String, bytes: [UInt8])] =
        Sample.files + [
            ("same-name.txt", [1]), ("same+name.txt", [2]), ("semi;colon", [3]),
            ("long/" + String(repeating: "n", count: 100), [4]),
            ("long/" + String(repeating: "n", count: 101), [5]),
        ] + (0..<200).map { ("many/file number \($0).text", [UInt8($0)]) }

    private static let image = EFIImage(
        files: files.map { EFIImage.File(path: $0.path, content: .bytes($0.bytes)) },
        identity: Sample.identity,
        medium: .disc(
            BIOSBoot(
                loader: Sample.loader,
                files: [LoaderFile(path: "kernel-x86_64", kind: .kernel)])),
        volume: EFIImage.Volume(.fat16))

    @Test(.needs("xorriso")) func `xorriso finds both boot images`() async throws {
        try await withDisc { disc in
            let report = try await Tool(name: "xorriso").succeed([
                "-indev", disc, "-report_el_torito", "plain", "-report_system_area", "plain",
            ])
            let lines = report.lines.map { $0.split(separator: " ").joined(separator: " ") }
            let layout = try Self.image.layOut()
            let loader = try #require(layout["BIOS loader"]).start.value / 4
            let volume = try #require(layout["FAT16 boot sector"]).start.value / 4
            let sectors = layout.size.value - 2048 * 3
            #expect(
                lines.contains("El Torito boot img : 1 BIOS y none 0x0000 0x00 4 \(loader)"),
                "\(report.text)")
            #expect(
                lines.contains(
                    "El Torito boot img : 2 UEFI y none 0x0000 0x00 \(sectors) \(volume)"),
                "\(report.text)")
            #expect(lines.contains("ISO image size/512 : \(layout.size.value)"), "\(report.text)")
            #expect(report.says("MBR protective-msdos-label"), "\(report.text)")
            #expect(!report.says("FAILURE", "SORRY"), "\(report.text)")
        }
    }

    /// Joliet's names are cut after 64 units.
    @Test(.needs("xorriso"), arguments: ["on", "off"])
    func `xorriso reads every file back`(joliet: String) async throws {
        try await withDisc { disc in
            let copy = FilePath(disc).removingLastComponent().appending("copy")
            try await Tool(name: "xorriso").succeed([
                "-osirrox", "on", "-read_fs", joliet == "on" ? "any" : "nojoliet", "-indev", disc,
                "-extract", "/", copy.string,
            ])
            var found: [[UInt8]] = []
            let walk = try #require(FileManager.default.enumerator(atPath: copy.string))
            for case let path as String in walk {
                let file = copy.appending(path)
                if try file.stat().type == .regular { found.append(Array(try read(file))) }
            }
            let sort = { (left: [UInt8], right: [UInt8]) in left.lexicographicallyPrecedes(right) }
            #expect(found.sorted(by: sort) == Self.files.map(\.bytes).sorted(by: sort))
            guard joliet == "on" else { return }
            for file in Sample.files {
                #expect(try read(copy.appending(file.path)) == file.bytes, "\(file.path)")
            }
        }
    }

    @Test(.needs("7z")) func `7z reads the disc`() async throws {
        try await withDisc { disc in
            let verdict = try await Tool(name: "7z")("t", "-tiso", disc)
            #expect(verdict.says("Everything is Ok"), "\(verdict.text)")
            #expect(!verdict.says("ERROR", "WARNING"), "\(verdict.text)")
            #expect(verdict.says("Files: \(Self.files.count + 2)"), "\(verdict.text)")
        }
    }

    @Test(.needs("blkid")) func `blkid identifies the disc`() async throws {
        try await withDisc { disc in
            let verdict = try await Tool(name: "blkid")("-p", disc)
            for text in [#"TYPE="iso9660""#, #"PTTYPE="gpt""#, "EL TORITO", "Joliet", "BOOTIMAGE"] {
                #expect(verdict.says(text), "\(verdict.text)")
            }
        }
    }

    @Test func `folders past the first MiB are refused`() throws {
        let files = (0..<60).flatMap { folder in
            (0..<100).map { number in
                EFIImage.File(
                    path: "\(folder)/\(number), a file with a name that is longer than most",
                    content: .bytes([]))
            }
        }
        let image = EFIImage(
            files: files, identity: Sample.identity,
            medium: .disc(BIOSBoot(loader: Sample.loader, files: [])))
        let error = try #require(throws: LayoutError.self) { try image.layOut() }
        guard case .discFoldersTooLong(let found, let allowed) = error else {
            throw error
        }
        #expect(found > allowed && allowed == .kibibytes(2 * (512 - 21)))
    }

    private func withDisc(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("disc.iso")
            try ImageWriter(inputs: []).write(try Self.image.layOut(), to: path)
            try await body(path.string)
        }
    }
}
