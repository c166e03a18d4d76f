/// A processor of the machine.
struct Processor {
    /// ACPI's number; 0 without ACPI.
    var id: UInt32
    /// What starts it: the number of its local APIC, or MPIDR's affinity fields.
    var hardwareID: UInt64
}

/// The machine's processors; the first one runs the loader.
struct ProcessorList {
    /// Room for 1,024 processors.
    private static var pages: PageCount { PageCount(4) }

    private let processors: MemoryArray<Processor>
    private(set) var count = 1

    /// A list of this processor alone.
    init<P>(
        current hardwareID: UInt64, _ memory: inout FrameAllocator<P>
    ) throws(BootError) {
        processors = MemoryArray(try memory.allocate(byteCount: Self.pages.byteCount))
        processors[0] = Processor(id: 0, hardwareID: hardwareID)
    }

    subscript(index: Int) -> Processor { processors[index] }

    /// Adds a processor, unless there is no room; the first one gets its number.
    mutating func add(_ processor: Processor) {
        if processor.hardwareID == processors[0].hardwareID {
            processors[0] = processor
        } else if count < processors.count {
            processors[count] = processor
            count += 1
        }
    }
}
