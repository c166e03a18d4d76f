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
        for number in 0..<(try LimineInternalModule.count(in: requests)) {
            let wanted = try LimineInternalModule(number, of: requests, in: kernel)
            guard let index = wanted.index(in: parameters, text) else {
                try wanted.checkAbsence()
                continue
            }
            isAskedFor[index] = true
            let file = try addModule(index, as: wanted, text, parameters)
            array.store(file.rawValue, at: 8 * count)
            count += 1
        }
        for index in 0..<parameters.moduleCount where !isAskedFor[index] {
            let file = try addModule(index, as: nil, text, parameters)
            array.store(file.rawValue, at: 8 * count)
            count += 1
        }
        if count > 0 { answer(LIMINE_MODULE, revision: 2, count, pointer(array.start)) }
    }

    /// Loads a module, as the kernel asks for it, and returns the address of its description.
    @inline(never)
    private mutating func addModule(
        _ index: Int, as wanted: LimineInternalModule?, _ text: PhysicalMemory,
        _ parameters: Parameters
    ) throws(BootError) -> VirtualAddress {
        guard var contents = try memory.load(.module(index)) else {
            throw BootError(.module, "not in the image", count: UInt64(index) + 1)
        }
        log.write(.info, "module of %s at %x", contents.byteCount, contents.start.rawValue)
        if let wanted { contents = try wanted.unpack(contents, &memory) }
        let path = responses.addPath(text, from: parameters.names[index])
        return try add(
            contents, path: path,
            string: pointer(wanted?.string ?? text.start + parameters.strings[index]))
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
