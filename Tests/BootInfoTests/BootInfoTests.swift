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

    @Test func `the extension has the firmware's tables and the processors`() {
        var map: [UInt64] = [7, 0, 0, 16, 0]
        var processors = [boot_processor(), boot_processor()]
        processors[1].id = 3
        processors[1].hardware_id = 0x102
        processors[1].is_parked = 1
        processors[1].stack_bottom = 0x5000
        processors[1].stack_length = 0x1000
        map.withUnsafeMutableBytes { map in
            processors.withUnsafeMutableBytes { processors in
                let start = address(of: UnsafeRawBufferPointer(processors))
                func extend(_ info: inout boot_extension) {
                    info.version = 2
                    info.efi_system_table = .init(tag: .some, reserved: 0, value: 0x77)
                    info.smbios_address.tag = .none
                    info.boot_time = .init(tag: .some, reserved: 0, value: UInt64.max)
                    info.efi_memory_map = address(of: UnsafeRawBufferPointer(map))
                    (info.efi_memory_map_length, info.efi_descriptor_size) = (40, 40)
                    (info.processors, info.processor_count) = (start, 2)
                }
                withPair(signature: UInt64(BOOT_EXTENSION_SIGNATURE), extend) { view in
                    #expect(view.loaderExtension?.efiSystemTableAddress == 0x77)
                    #expect(view.loaderExtension?.smbiosAddress == nil)
                    #expect(view.loaderExtension?.bootTime == -1)
                    #expect(view.loaderExtension?.counterFrequency == nil)
                    #expect(view.loaderExtension?.efiMemoryMap?.bytes.count == 40)
                    #expect(view.processors.map(\.id) == [0, 3])
                    #expect(view.processors[1].isParked && view.processors[1].hardwareID == 0x102)
                    #expect(view.processors[1].stack == 0x5000..<0x6000)
                    view.processors[1].start(at: { _ in }, argument: 9)
                    #expect(view.processors[1].argument == 9)
                    #expect(view.processors[1].pointer.pointee.entry != 0)
                }
                withPair(signature: UInt64(BOOT_EXTENSION_SIGNATURE)) { first in
                    #expect(first.processors.isEmpty && first.loaderExtension?.bootTime == nil)
                }
            }
        }
    }

    private func withPair(
        signature: UInt64, _ extend: (inout boot_extension) -> Void = { _ in },
        _ body: (BootInfo) -> Void
    ) {
        var pair = (boot_info.nothing, boot_extension())
        pair.1.signature = signature
        extend(&pair.1)
        setPort(of: &pair.1)
        withUnsafePointer(to: pair) { pointer in
            body(BootInfo(UnsafeRawPointer(pointer).assumingMemoryBound(to: boot_info.self)))
        }
    }

    private func setPort(of extended: inout boot_extension) {
        extended.exception_level = 2
        extended.serial_port = .init(
            kind: UInt32(BOOT_SERIAL_PL011), register_stride: 4, address: 0x900_0000)
        extended.device_tree_address = .init(tag: .none, reserved: 0, value: 7)
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
