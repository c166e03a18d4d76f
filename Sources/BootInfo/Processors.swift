public import CBootInfo

/// A processor of the machine.
public struct Processor {
    /// The C structure.
    public let pointer: UnsafeMutablePointer<boot_processor>

    /// ACPI's number of the processor; 0 without ACPI.
    public var id: UInt32 { pointer.pointee.id }

    /// The number of its local APIC on x86-64, MPIDR's affinity fields on AArch64.
    public var hardwareID: UInt64 { pointer.pointee.hardware_id }

    /// Whether it waits for ``start(at:argument:)``.
    public var isParked: Bool { pointer.pointee.is_parked == 1 }

    /// The virtual addresses of its stack.
    public var stack: Range<UInt64> {
        let bottom = pointer.pointee.stack_bottom
        return bottom..<bottom + pointer.pointee.stack_length
    }

    /// The argument of ``start(at:argument:)``.
    public var argument: UInt64 { pointer.pointee.argument }

    /// Sends a parked processor to a function, which never returns.
    ///
    /// The processor comes in the state in which the first one entered the kernel, with its own
    /// stack. While it is parked, it runs in memory of kind ``MemoryRegion/Kind/bootloader``, with
    /// the page tables that the loader made: start it before you reuse them.
    public func start(
        at entry: @convention(c) (UnsafeMutablePointer<boot_processor>?) -> Void,
        argument: UInt64 = 0
    ) {
        boot_start_processor(pointer, entry, argument)
    }
}

/// The machine's processors, the one that runs the kernel first.
public struct Processors: RandomAccessCollection {
    private let processors: UnsafeMutableBufferPointer<boot_processor>

    init(start: UnsafeMutablePointer<boot_processor>?, count: Int) {
        processors = UnsafeMutableBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    /// Always zero.
    public var startIndex: Int { 0 }

    /// The number of processors.
    public var endIndex: Int { processors.count }

    /// The processor at that index, in `0..<count`.
    public subscript(position: Int) -> Processor {
        precondition(indices.contains(position))
        return Processor(pointer: processors.baseAddress.unsafelyUnwrapped + position)
    }
}
