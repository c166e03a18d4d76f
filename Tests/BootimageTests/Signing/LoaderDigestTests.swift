import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import ELFKit

/// The table of digests in a signed loader, and the checksum that signing covers.
struct LoaderDigestTests {
    @Test func `the table in a loader reads back as written`() throws {
        let digests = LoaderDigests(digests: [
            .kernel: Array(1...32), .bootConfiguration: Array(101...132),
        ])
        let loader = try #require(digests.placed(in: PrebuiltLoaders.uefi()))
        #expect(loader.count == PrebuiltLoaders.uefi().count)
        #expect(LoaderDigests(in: try #require(PEImage(loader))) == digests)
        let plain = try #require(PEImage(PrebuiltLoaders.uefi()))
        #expect(LoaderDigests(in: plain) == nil)
        #expect(digests.placed(in: PrebuiltLoaders.bios) == nil)
    }

    @Test(.needs("sbsign"))
    func `the checksum is the one that sbsign writes`() async throws {
        try await withTemporaryFolder { folder in
            let keys = try await SampleKeys.copy(in: folder).identity
            let loader = folder.appending("loader.efi")
            try write(PrebuiltLoaders.uefi(), to: loader)
            try await Tool(name: "sbsign").succeed([
                "--key", keys.key.string, "--cert", keys.certificate.string, loader.string,
            ])
            let signed = try read(FilePath("\(loader).signed"))
            #expect(try #require(PEImage(signed)).bytesWithChecksum == signed)
        }
    }

    @Test func `a truncated loader is not a program`() {
        let loader = PrebuiltLoaders.uefi()
        #expect(PEImage([]) == nil)
        for count in stride(from: 0, to: loader.count, by: 97) {
            // Every section must be complete.
            #expect(PEImage(Array(loader[..<count])) == nil, "\(count) bytes")
        }
    }
}
