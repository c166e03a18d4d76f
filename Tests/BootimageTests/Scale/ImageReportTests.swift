import DiskImage
import Foundation
import SystemPackage
import TestSupport
import Testing

/// The tools are no use if they let damage pass.
@Suite(.needsImageTools)
struct ImageReportTests {
    @Test(arguments: FATType.allCases)
    func `damage is noticed`(_ type: FATType) async throws {
        try await withKernel { folder, _ in
            let files = try RandomFiles(seed: 1, count: 20, byteCount: 100_000, in: folder).files
            #expect(try await ImageReport.ofImage(type, of: files, in: folder).isEmpty)
            let image = folder.appending("uefi.img")
            let bytes = try Data(contentsOf: URL(filePath: image.string))
            // The boot sector's signature, and a byte of the last file that has any.
            let source = try #require(files.last { $0.byteCount >= 100 }).source
            let payload = try #require(bytes.range(of: Data(read(source).prefix(64)))).lowerBound
            for offset in [(1 << 20) + 510, payload + 50] {
                var damaged = bytes
                damaged[offset] ^= 1
                try damaged.write(to: URL(filePath: image.string))
                let report = try await ImageReport(on: image, type, files: files, in: folder)
                #expect(!report.faults.isEmpty, "byte \(offset)")
            }
        }
    }
}
