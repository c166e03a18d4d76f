import CLimine

/// The machine's processors.
extension LimineBoot {
    /// The processors, with a stack for each.
    struct Processors {
        let list: ProcessorList
        let stacks: PhysicalMemory
        var stackByteCount: UInt64 { stacks.byteCount / UInt64(list.count) }
    }

    /// Lists the processors; nil if the kernel does not ask for them.
    mutating func findProcessors() throws(BootError) -> Processors? {
        guard let flags = requests.word(LIMINE_MP, at: 48) else { return nil }
        machine.prepareProcessors(flags: flags)
        let list = try ProcessorList(&memory)
        let stacks = try memory.allocate(byteCount: stackByteCount * UInt64(list.count))
        return Processors(list: list, stacks: stacks)
    }

    /// Starts the other processors, each of which then waits, and answers with those that do.
    mutating func answerWithProcessors() {
        guard let processors else { return }
        // The tables must be in memory before a processor without caches uses them.
        memory.makeExecutable()
        var count: UInt64 = 0
        let first = responses.end
        for index in 0..<processors.list.count {
            let information = responses.end
            machine.add(processors.list[index], to: &responses)
            responses.add(0)  // reserved
            responses.add(0)  // the address to go to
            responses.add(0)  // for the kernel
            machine.setNextProcessor(
                information: information,
                stackTop: responses.virtual(
                    processors.stacks.start + processors.stackByteCount * UInt64(index + 1)))
            guard
                index == 0
                    || processors.list[index].start(
                        in: machine.entry, settingWordAt: machine.flag)
            else {
                responses.removeLast(wordCount: LimineMachine.wordsPerProcessor)
                continue
            }
            count += 1
        }
        let array = responses.end
        for index in 0..<count {
            responses.add(first + 8 * LimineMachine.wordsPerProcessor * index)
        }
        let response = responses.end
        machine.addStart(processors.list[0], to: &responses)
        responses.add(count)
        responses.add(array)
        requests.answer(LIMINE_MP, with: response)
    }
}
