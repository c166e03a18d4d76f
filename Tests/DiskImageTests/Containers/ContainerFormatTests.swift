import Testing

@testable import DiskImage

/// Containers are identified by their first bytes; raw images are not.
struct ContainerFormatTests {
    static let starts: [(ContainerFormat, [UInt8])] = [
        (.qcow2, [0x51, 0x46, 0x49, 0xFB]), (.vmdk, Array("KDMV".utf8)),
        (.vdi, [UInt8](repeating: 0x20, count: 64) + [0x7F, 0x10, 0xDA, 0xBE]),
        (.vhdx, Array("vhdxfile".utf8)), (.vhd, Array("conectix".utf8)),
    ]

    @Test(arguments: starts)
    func `a container is known by its start`(_ format: ContainerFormat, _ start: [UInt8]) {
        #expect(ContainerFormat(startingWith: start) == format)
        #expect(ContainerFormat(startingWith: start + [1, 2, 3]) == format)
        #expect(ContainerFormat(startingWith: start.dropLast()) != format)
    }

    @Test func `a raw image is no container`() throws {
        #expect(ContainerFormat(startingWith: []) == nil)
        #expect(ContainerFormat(startingWith: [UInt8](repeating: 0, count: 512)) == nil)
        #expect(ContainerFormat(startingWith: Sample.loader) == nil)
    }

    @Test func `the checksum of a VHDX is CRC-32C`() {
        #expect(CRC32.castagnoli.checksum([]) == 0)
        #expect(CRC32.castagnoli.checksum(Array("123456789".utf8)) == 0xE306_9283)
        // RFC 3720, appendix B.4: 32 bytes of zeros, and of ones.
        #expect(CRC32.castagnoli.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32.castagnoli.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    }
}
