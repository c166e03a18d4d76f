import ELFKit
import Testing

@testable import ELFSamples

@Suite("The section .bootloader-config")
struct KernelConfigurationTests {
    /// Every field with a different value.
    private static let full: KernelConfiguration = {
        var full = KernelConfiguration()
        full.version = .init(major: 0, minor: 11, patch: 12, isPreRelease: true)
        full.kernelStackByteCount = 0x1112
        full.kernelStack = .fixed(1)
        full.kernelBase = .fixed(2)
        full.bootInfo = .fixed(3)
        full.framebuffer = .fixed(4)
        full.physicalMemory = .fixed(5)
        full.recursivePageTable = .dynamic
        full.randomizesAddresses = true
        full.dynamicRangeStart = 6
        full.dynamicRangeEnd = 7
        full.ramdisk = .fixed(8)
        full.minimumFramebufferHeight = 9
        full.minimumFramebufferWidth = 10
        return full
    }()

    /// The same bytes, by the contract's table of offsets.
    private static let fullBytes: [UInt8] = {
        var bytes = [UInt8](repeating: 0, count: 133)
        bytes.replace(
            at: 0,
            with: [
                0x74, 0x3c, 0xa9, 0x61, 0x09, 0x36, 0x46, 0xa0, 0xbb, 0x55, 0x5c, 0x15, 0x89, 0x15,
                0x25, 0x3d,
            ])
        bytes.replace(at: 16, with: [0, 0, 11, 0, 12, 0, 1, 0x12, 0x11])
        for (offset, value) in [(31, 1), (40, 2), (49, 3), (58, 4), (68, 5), (106, 8)] {
            bytes.replace(at: UInt64(offset), with: [1, UInt8(value)])
        }
        for offset in [67, 77, 87] { bytes[offset] = 1 }
        for (offset, value) in [(88, 6), (97, 7), (115, 9), (124, 10)] {
            bytes.replace(at: UInt64(offset), with: [1, UInt8(value)])
        }
        return bytes
    }()

    @Test func `every field is at its offset`() throws {
        #expect(try KernelConfiguration(decoding: Self.fullBytes) == Self.full)
        #expect(Self.full.encoded() == Self.fullBytes)
    }

    @Test func `encoding and decoding the defaults returns the defaults`() throws {
        let bytes = KernelConfiguration().encoded()
        #expect(bytes.count == KernelConfiguration.byteCount)
        #expect(try KernelConfiguration(decoding: bytes) == KernelConfiguration())
    }

    struct Change: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let offset: Int
        let byte: UInt8
        let violation: ConfigurationViolation?

        init(_ sentence: String, _ offset: Int, _ byte: UInt8, _ violation: ConfigurationViolation?)
        {
            (testDescription, self.offset) = (sentence, offset)
            (self.byte, self.violation) = (byte, violation)
        }
    }

    private static func version(
        _ major: UInt16, _ minor: UInt16, _ patch: UInt16
    ) -> ConfigurationViolation {
        .version(.init(major: major, minor: minor, patch: patch))
    }

    @Test(arguments: [
        Change("another UUID", 15, 0, .identifier(Array(fullBytes[..<15]) + [0])),
        Change("version 1.11", 16, 1, version(1, 11, 16)),
        Change("version 0.12", 18, 12, version(0, 12, 16)),
        Change("version 0.10", 18, 10, version(0, 10, 16)),
        Change("version 0.11.255", 20, 255, nil),
        Change("pre-release 2", 22, 2, .tag(.preRelease, offset: 22, found: 2)),
        Change("stack mapping 2", 31, 2, .tag(.kernelStack, offset: 31, found: 2)),
        Change("dynamic stack with an address", 39, 1, .valueWithoutTag(.kernelStack, offset: 32)),
        Change("kernel_base mapping 2", 40, 2, .tag(.kernelBase, offset: 40, found: 2)),
        Change("boot_info mapping 2", 49, 2, .tag(.bootInfo, offset: 49, found: 2)),
        Change("framebuffer mapping 2", 58, 2, .tag(.framebuffer, offset: 58, found: 2)),
        Change("physical_memory 2", 67, 2, .tag(.physicalMemory, offset: 67, found: 2)),
        Change("physical_memory mapping 2", 68, 2, .tag(.physicalMemory, offset: 68, found: 2)),
        Change(
            "absent mapping that is fixed", 68, 1, .valueWithoutTag(.physicalMemory, offset: 68)),
        Change("recursive 2", 77, 2, .tag(.recursivePageTable, offset: 77, found: 2)),
        Change("aslr 2", 87, 2, .tag(.aslr, offset: 87, found: 2)),
        Change("range start 2", 88, 2, .tag(.dynamicRangeStart, offset: 88, found: 2)),
        Change(
            "absent range end with value", 105, 9, .valueWithoutTag(.dynamicRangeEnd, offset: 98)),
        Change("ramdisk mapping 2", 106, 2, .tag(.ramdisk, offset: 106, found: 2)),
        Change("height 2", 115, 2, .tag(.framebufferHeight, offset: 115, found: 2)),
        Change(
            "absent width with value", 132, 1, .valueWithoutTag(.framebufferWidth, offset: 125)),
    ])
    func `a changed byte is refused or kept`(_ change: Change) throws {
        var bytes = KernelConfiguration().encoded()
        bytes[change.offset] = change.byte
        if let violation = change.violation {
            #expect(throws: violation) {
                try KernelConfiguration(decoding: bytes)
            }
        } else {
            #expect(try KernelConfiguration(decoding: bytes).encoded() == bytes)
        }
    }

    @Test func `the section of an older kernel is refused with both versions`() {
        var configuration = KernelConfiguration()
        configuration.version = .init(major: 0, minor: 11, patch: 10)
        let violation = ConfigurationViolation.beforeKernelBase(configuration.version)
        #expect(throws: violation) {
            try KernelConfiguration(decoding: Array(configuration.encoded().prefix(124)))
        }
        #expect(
            violation.description.contains("0.11.10, which has no kernel_base, must be 0.11.11"))
    }

    @Test(arguments: [0, 15, 22, 23, 124, 132, 134])
    func `any other size is refused`(byteCount: Int) {
        let bytes = (KernelConfiguration().encoded() + [0]).prefix(byteCount)
        #expect(throws: ConfigurationViolation.byteCount(UInt64(byteCount))) {
            try KernelConfiguration(decoding: Array(bytes))
        }
    }
}
