public import SystemPackage

extension KernelELF {
    /// Reads a kernel's headers and tables, and checks all of them.
    ///
    /// - Parameter path: The ELF file. What is no regular file is refused without blocking.
    /// - Returns: What the loader needs to know.
    /// - Throws: The first rule that is broken; ``ELFError/isInputMissing`` if it cannot be opened.
    public static func load(_ path: FilePath) throws(ELFError) -> KernelELF {
        let descriptor: FileDescriptor
        do {
            // Without nonBlocking, a FIFO that nobody writes to would block.
            descriptor = try .open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            let errno = error as? Errno ?? .ioError
            throw ELFError(file: path.string, problem: .cannotOpen(errno))
        }
        defer { try? descriptor.close() }
        return try load(from: descriptor, named: path.string)
    }

    /// Reads a kernel from an open descriptor, whose position is neither used nor changed.
    ///
    /// Only what is checked is read, and tables in blocks: memory does not grow with the file.
    ///
    /// - Parameters:
    ///   - descriptor: Open for reading; it stays open.
    ///   - name: What errors call the file.
    /// - Returns: What the loader needs to know.
    /// - Throws: The first rule that is broken.
    public static func load(
        from descriptor: FileDescriptor, named name: String
    ) throws(ELFError) -> KernelELF {
        do {
            let reading = try KernelReading(
                KernelFile(descriptor), ProblemCollector(stopsAtFirst: true))
            guard let kernel = reading.kernel else {
                preconditionFailure("A kernel that breaks no rule was not read")
            }
            return kernel
        } catch {
            throw ELFError(file: name, problem: error)
        }
    }

    /// Reads all that can be read of a kernel, and tells every rule that it breaks.
    ///
    /// - Parameters:
    ///   - descriptor: Open for reading; it stays open, and its position is neither used nor
    ///     changed.
    ///   - name: What the inspection calls the file.
    /// - Returns: The findings, and the kernel if there is no error among them.
    /// - Throws: Why the file cannot be read, or that it is no regular file.
    public static func inspect(
        _ descriptor: FileDescriptor, named name: String
    ) throws(ELFError) -> Inspection {
        do {
            let reading = try KernelReading(
                KernelFile(descriptor), ProblemCollector(stopsAtFirst: false))
            return Inspection(reading, of: name)
        } catch {
            throw ELFError(file: name, problem: error)
        }
    }
}
