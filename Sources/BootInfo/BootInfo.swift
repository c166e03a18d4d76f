public import CBootInfo

/// What the loader tells a kernel: a typed view of the structure that its entry point is given.
///
/// The view costs nothing and copies nothing. What is optional in the contract is optional here.
public struct BootInfo {
    /// The structure as C sees it.
    public let pointer: UnsafePointer<boot_info>

    /// Wraps the pointer that the kernel's entry point was given.
    ///
    /// - Parameter pointer: Valid for as long as the view is used.
    public init(_ pointer: UnsafePointer<boot_info>) { self.pointer = pointer }

    /// The version of the contract that the loader speaks.
    public var apiVersion: APIVersion { APIVersion(pointer.pointee.api_version) }

    /// The memory of the machine, sorted by address, without overlap.
    public var memoryRegions: MemoryRegions {
        MemoryRegions(
            start: UnsafePointer(bitPattern: UInt(pointer.pointee.memory_regions)),
            count: Int(pointer.pointee.memory_region_count))
    }

    /// The linear framebuffer; nil where the screen is in text mode or there is none.
    public var framebuffer: Framebuffer? {
        let optional = pointer.pointee.framebuffer
        return optional.tag == BOOT_SOME ? Framebuffer(optional.value) : nil
    }

    /// The virtual address at which all of the physical memory is mapped, if it was asked for.
    public var physicalMemoryOffset: UInt64? { pointer.pointee.physical_memory_offset.unwrapped }

    /// The level-4 entry that maps the page table itself, if it was asked for.
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

    /// The RAM disk's bytes, if the image carries one.
    public var ramdisk: UnsafeRawBufferPointer? {
        pointer.pointee.ramdisk_address.unwrapped.map {
            UnsafeRawBufferPointer(
                start: UnsafeRawPointer(bitPattern: UInt($0)),
                count: Int(pointer.pointee.ramdisk_length))
        }
    }

    /// The physical addresses of the kernel's ELF file.
    ///
    /// It is the file as it is in the image: without debug information unless that was kept.
    public var kernelFile: Range<UInt64> {
        let start = pointer.pointee.kernel_address
        return start..<start + pointer.pointee.kernel_length
    }

    /// What was added to the ELF file's virtual addresses; zero for a kernel of fixed address.
    public var kernelImageOffset: UInt64 { pointer.pointee.kernel_image_offset }

    /// The virtual addresses of the kernel's first stack.
    public var kernelStack: Range<UInt64> {
        let bottom = pointer.pointee.kernel_stack_bottom
        return bottom..<bottom + pointer.pointee.kernel_stack_length
    }

    /// A number that a test of the loader chose in `boot.json`; zero otherwise.
    public var testSentinel: UInt64 { pointer.pointee.test_sentinel }
}

extension boot_optional_u64 {
    var unwrapped: UInt64? { tag == BOOT_SOME ? value : nil }
}
