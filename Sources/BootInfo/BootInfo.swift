public import CBootInfo

/// A typed view of the structure that the loader passes to a kernel's entry point.
///
/// The view copies nothing. Fields that are optional in the contract are optional here.
public struct BootInfo {
    /// The C structure.
    public let pointer: UnsafePointer<boot_info>

    /// Wraps the pointer that the kernel's entry point receives.
    ///
    /// - Parameter pointer: Must be valid as long as the view is used.
    public init(_ pointer: UnsafePointer<boot_info>) { self.pointer = pointer }

    /// The version of the contract that the loader implements.
    public var apiVersion: APIVersion { APIVersion(pointer.pointee.api_version) }

    /// The machine's memory, sorted by address, without overlap.
    public var memoryRegions: MemoryRegions {
        MemoryRegions(
            start: UnsafePointer(bitPattern: UInt(pointer.pointee.memory_regions)),
            count: Int(pointer.pointee.memory_region_count))
    }

    /// The linear framebuffer; nil in text mode or without a screen.
    public var framebuffer: Framebuffer? {
        let optional = pointer.pointee.framebuffer
        return optional.tag == BOOT_SOME ? Framebuffer(optional.value) : nil
    }

    /// The virtual address of the mapping of all physical memory, if the kernel requested it.
    public var physicalMemoryOffset: UInt64? { pointer.pointee.physical_memory_offset.unwrapped }

    /// The level-4 entry of the recursive page-table mapping, if the kernel requested it.
    public var recursiveIndex: UInt16? {
        let optional = pointer.pointee.recursive_index
        return optional.tag == BOOT_SOME ? optional.value : nil
    }

    /// The physical address of ACPI's root pointer.
    public var rsdpAddress: UInt64? { pointer.pointee.rsdp_address.unwrapped }

    /// The initial contents of thread-local variables, if the kernel has any.
    public var tlsTemplate: boot_tls_template? {
        let optional = pointer.pointee.tls_template
        return optional.tag == BOOT_SOME ? optional.value : nil
    }

    /// The RAM disk's bytes, if the image contains one.
    public var ramdisk: UnsafeRawBufferPointer? {
        pointer.pointee.ramdisk_address.unwrapped.map {
            UnsafeRawBufferPointer(
                start: UnsafeRawPointer(bitPattern: UInt($0)),
                count: Int(pointer.pointee.ramdisk_length))
        }
    }

    /// The physical addresses of the kernel's ELF file.
    ///
    /// It is the file in the image, by default without debug information.
    public var kernelFile: Range<UInt64> {
        let start = pointer.pointee.kernel_address
        return start..<start + pointer.pointee.kernel_length
    }

    /// The load offset, added to the ELF file's virtual addresses; zero for an `ET_EXEC`.
    public var kernelImageOffset: UInt64 { pointer.pointee.kernel_image_offset }

    /// The virtual addresses of the kernel's first stack.
    public var kernelStack: Range<UInt64> {
        let bottom = pointer.pointee.kernel_stack_bottom
        return bottom..<bottom + pointer.pointee.kernel_stack_length
    }

    /// A number from `boot.json` for tests of the loader; zero otherwise.
    public var testSentinel: UInt64 { pointer.pointee.test_sentinel }
}

extension boot_optional_u64 {
    var unwrapped: UInt64? { tag == BOOT_SOME ? value : nil }
}
