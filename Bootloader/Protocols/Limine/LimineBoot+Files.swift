import CLimine

/// The kernel's file, its command line and its modules.
extension LimineBoot {
    /// Answers with the command line, the kernel's file and the modules.
    mutating func answerWithFiles() throws(BootError) {
        medium = try memory.platform.findMedium()
        let text: PhysicalMemory
        if let file = try memory.load(.parameters, room: 1) {
            text = file
        } else {
            text = try memory.allocate(byteCount: 1)
        }
        let parameters = try Parameters(text)
        let commandLine = pointer(text.start)
        answer(LIMINE_COMMAND_LINE, commandLine)
        if requests.contains(LIMINE_EXECUTABLE_FILE) {
            let path = responses.addPath(Architecture.kernelName)
            answer(
                LIMINE_EXECUTABLE_FILE,
                try add(file.contents, path: path, string: commandLine).rawValue)
        }
        if requests.contains(LIMINE_MODULE) { try answerWithModules(text, parameters) }
    }

    /// Answers with the modules that the kernel asks for by name, then with the image's others.
    private mutating func answerWithModules(
        _ text: PhysicalMemory, _ parameters: Parameters
    ) throws(BootError) {
        let array = try memory.allocate(byteCount: pageSize)
        var count: UInt64 = 0
        var isAskedFor = PerModule(repeating: false)
        let internalCount = try LimineInternalModule.count(in: requests)
        for number in 0..<internalCount + UInt64(parameters.moduleCount) {
            var index = Int(truncatingIfNeeded: number &- internalCount)
            var module: LimineInternalModule?
            if number < internalCount {
                let wanted = try LimineInternalModule(number, of: requests, in: kernel)
                index = 0
                while index < parameters.moduleCount,
                    !wanted.isNamed(text, at: parameters.names[index])
                {
                    index += 1
                }
                guard index < parameters.moduleCount else {
                    try wanted.checkAbsence()
                    continue
                }
                isAskedFor[index] = true
                module = wanted
            } else if isAskedFor[index] {
                continue
            }
            guard var contents = try memory.load(.module(index)) else {
                throw BootError(.module, "not in the image", count: UInt64(index) + 1)
            }
            log.write(.info, "module of %s at %x", contents.byteCount, contents.start.rawValue)
            var string = text.start + parameters.strings[index]
            if let module {
                contents = try module.unpack(contents, &memory)
                string = module.string
            }
            let path = responses.addPath(text, from: parameters.names[index])
            let file = try add(contents, path: path, string: pointer(string))
            array.store(file.rawValue, at: 8 * count)
            count += 1
        }
        if count > 0 { answer(LIMINE_MODULE, revision: 2, count, pointer(array.start)) }
    }

    /// Describes a file in memory, and returns the address of the description.
    private mutating func add(
        _ contents: PhysicalMemory, path: VirtualAddress, string: UInt64
    ) throws(BootError) -> VirtualAddress {
        let frames =
            contents.start..<contents.start
            + PageCount(holding: max(contents.byteCount, 1)).byteCount
        try files.insert(frames)
        let start = responses.end
        responses.add(0)  // revision
        responses.add(pointer(contents.start))
        responses.add(contents.byteCount)
        responses.add(path)
        responses.add(string)
        responses.add(medium.kind, 0)
        responses.add(medium.serverAddress, 0)  // TFTP server and its port
        responses.add(medium.partition, medium.diskSignature)
        for index in 0..<6 { responses.add(medium.identifiers[index]) }
        return start
    }
}
