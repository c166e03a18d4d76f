import CMachine

/// The processors for a kernel that asks for them: each waits for an entry point.
struct ParkedProcessors {
    private static var stride: UInt64 { UInt64(MemoryLayout<boot_processor>.stride) }
    private static var flagOffset: UInt64 { UInt64(BOOT_PROCESSOR_IS_PARKED) }

    private let list: ProcessorList
    /// What the kernel finds: an array of `boot_processor`.
    private let memory: PhysicalMemory
    let address: VirtualAddress
    /// The stacks of all but the first one, each above a page that stays unmapped.
    private let stacks: VirtualAddress
    private let stackByteCount: UInt64
    private var stackDistance: UInt64 { stackByteCount + pageSize }

    /// Lists the processors and maps a stack for each.
    init<P>(stackByteCount: UInt64, in space: inout AddressSpace<P>) throws(BootError) {
        list = try ProcessorList(&space.memory)
        (memory, address) = try space.mapFresh(
            byteCount: UInt64(list.count) * Self.stride, at: .dynamic, .data)
        self.stackByteCount = PageCount(holding: stackByteCount).byteCount
        let others = UInt64(list.count - 1)
        let frames = try space.memory.allocate(byteCount: others * self.stackByteCount)
        stacks = try space.addresses.take(
            .dynamic, byteCount: others * (self.stackByteCount + pageSize))
        for index in 0..<others {
            try space.tables.map(
                stackBottom(index), to: frames.start + index * self.stackByteCount,
                byteCount: self.stackByteCount, .data, &space.memory)
        }
    }

    private func stackBottom(_ index: UInt64) -> VirtualAddress {
        stacks + index * stackDistance + pageSize
    }

    /// Starts the others, each of which then waits; returns how many there are with this one.
    ///
    /// This one's stack starts at `bottom`. One that does not start is not listed.
    func start(firstStack bottom: UInt64, _ handoff: inout handoff) -> UInt64 {
        var count: UInt64 = 0
        let page = PhysicalMemory(PhysicalAddress(handoff.code), byteCount: pageSize)
        for index in 0..<list.count {
            let place = memory[count * Self.stride..<(count + 1) * Self.stride]
            let bottom = index == 0 ? bottom : stackBottom(UInt64(index - 1)).rawValue
            place.store(
                boot_processor(
                    id: list[index].id, reserved: 0, hardware_id: list[index].hardwareID,
                    entry: 0, argument: 0, is_parked: 0, stack_bottom: bottom,
                    stack_length: stackByteCount))
            if index > 0 {
                set_next_processor(
                    &handoff, (address + count * Self.stride).rawValue, bottom + stackByteCount)
                let flag = place[Self.flagOffset..<Self.flagOffset + 8]
                guard list[index].start(in: page, settingWordAt: flag) else { continue }
            }
            count += 1
        }
        return count
    }
}
