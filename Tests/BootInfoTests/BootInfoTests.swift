import BootInfo
import CBootInfo
import Testing

/// The Swift view of the structure that the loader passes to a kernel.
struct BootInfoTests {
    @Test func `the structures have the contract's sizes`() {
        #expect(MemoryLayout<boot_info>.size == 232)
        #expect(MemoryLayout<boot_memory_region>.size == 24)
        #expect(MemoryLayout<boot_framebuffer>.size == 56)
    }

    @Test func `an absent optional is nil, whatever its value`() {
        withView(of: .nothing) { view in
            #expect(view.framebuffer == nil)
            #expect(view.physicalMemoryOffset == nil)
            #expect(view.recursiveIndex == nil)
            #expect(view.rsdpAddress == nil)
            #expect(view.tlsTemplate == nil)
            #expect(view.ramdisk == nil)
            #expect(view.memoryRegions.isEmpty)
        }
    }

    @Test func `a present address may be 0`() {
        var info = boot_info.nothing
        info.physical_memory_offset = .init(tag: .some, reserved: 0, value: 0)
        withView(of: info) { #expect($0.physicalMemoryOffset == 0) }
    }

    @Test func `optionals are independent`() {
        var info = boot_info.nothing
        info.recursive_index = .init(tag: .some, value: 511, reserved: 0)
        info.rsdp_address = .init(tag: .some, reserved: 0, value: 0xF_5AB0)
        let template = boot_tls_template(start_address: 0x1000, file_size: 8, memory_size: 24)
        info.tls_template = .init(tag: .some, reserved: 0, value: template)
        withView(of: info) { view in
            #expect(view.recursiveIndex == 511)
            #expect(view.rsdpAddress == 0xF_5AB0)
            #expect(view.tlsTemplate?.start_address == 0x1000)
            #expect(view.tlsTemplate?.file_size == 8)
            #expect(view.tlsTemplate?.memory_size == 24)
            #expect(view.physicalMemoryOffset == nil)
        }
    }

    @Test func `other bytes after the structure are not an extension`() {
        withPair(signature: 0x1234) { #expect($0.loaderExtension == nil) }
    }

    @Test func `the extension follows the structure`() {
        withPair(signature: UInt64(BOOT_EXTENSION_SIGNATURE)) { view in
            let port = view.loaderExtension?.serialPort
            #expect(port?.kind == .pl011 && port?.address == 0x900_0000)
            #expect(view.loaderExtension?.deviceTreeAddress == nil)
            #expect(view.loaderExtension?.firmwareExceptionLevel == 2)
        }
    }

    private func withPair(signature: UInt64, _ body: (BootInfo) -> Void) {
        var pair = (boot_info.nothing, boot_extension())
        pair.1.signature = signature
        pair.1.exception_level = 2
        pair.1.serial_port = .init(
            kind: UInt32(BOOT_SERIAL_PL011), register_stride: 4, address: 0x900_0000)
        pair.1.device_tree_address = .init(tag: .none, reserved: 0, value: 7)
        withUnsafePointer(to: pair) { pointer in
            body(BootInfo(UnsafeRawPointer(pointer).assumingMemoryBound(to: boot_info.self)))
        }
    }

    @Test func `the ramdisk is a buffer`() {
        let bytes: [UInt8] = [1, 2, 3]
        bytes.withUnsafeBytes { buffer in
            var info = boot_info.nothing
            info.ramdisk_address = .init(tag: .some, reserved: 0, value: address(of: buffer))
            info.ramdisk_length = 3
            withView(of: info) { #expect($0.ramdisk.map(Array.init) == bytes) }
        }
    }

    @Test func `the kernel's file and stack are ranges`() {
        var info = boot_info.nothing
        (info.kernel_address, info.kernel_length) = (0x20_0000, 0x1234)
        (info.kernel_stack_bottom, info.kernel_stack_length) = (0x8000, 0x1_4000)
        info.kernel_image_offset = 0x7000
        withView(of: info) { view in
            #expect(view.kernelFile == 0x20_0000..<0x20_1234)
            #expect(view.kernelStack == 0x8000..<0x1_C000)
            #expect(view.kernelImageOffset == 0x7000)
        }
    }

    @Test func `a region has each kind, and an unknown kind is BIOS`() {
        let kinds: [(kind: UInt32, expected: MemoryRegion.Kind)] = [
            (0, .usable), (1, .bootloader), (2, .uefi(7)), (3, .bios(7)), (9, .bios(7)),
        ]
        let regions = kinds.enumerated().map { index, row in
            boot_memory_region(
                start: UInt64(index) << 12, end: UInt64(index + 1) << 12, kind: row.kind,
                firmware_kind: 7)
        }
        regions.withUnsafeBytes { buffer in
            var info = boot_info.nothing
            info.memory_regions = address(of: buffer)
            info.memory_region_count = UInt64(regions.count)
            withView(of: info) { view in
                #expect(view.memoryRegions.map(\.kind) == kinds.map(\.expected))
                #expect(view.memoryRegions.map(\.addresses.lowerBound) == regions.map(\.start))
                #expect(view.memoryRegions.map(\.addresses.upperBound) == regions.map(\.end))
            }
        }
    }
}
