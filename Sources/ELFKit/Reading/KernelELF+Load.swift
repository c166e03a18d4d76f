public import SystemPackage

extension KernelELF {
    /// Reads a kernel's headers and tables and checks all rules.
    ///
    /// - Parameters:
    ///   - path: The kernel's file; other than regular files are refused without blocking.
    ///   - selected: The boot protocol; by default the first one that the file asks for.
    /// - Returns: What the loader needs to know.
    /// - Throws: The first broken rule; ``ELFError/isInputMissing`` if the file cannot be opened.
    public static func load(
        _ path: FilePath, as selected: BootProtocol? = nil
    ) throws(ELFError) -> KernelELF {
        let descriptor: FileDescriptor
        do {
            // Without nonBlocking, opening a FIFO without a writer blocks.
            descriptor = try .open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            let errno = error as? Errno ?? .ioError
            throw ELFError(file: path.string, problem: .cannotOpen(errno))
        }
        // Nothing was written, so a failed close loses nothing.
        defer { try? descriptor.close() }
        return try load(from: descriptor, named: path.string, as: selected)
    }

    /// Reads a kernel from an open descriptor, whose position is neither used nor changed.
    ///
    /// Only what the rules need is read, and tables in blocks: memory does not grow with the file.
    ///
    /// - Parameters:
    ///   - descriptor: Open for reading; it stays open.
    ///   - name: The file's name in errors.
    ///   - selected: The boot protocol; by default the first one that the file asks for.
    /// - Returns: What the loader needs to know.
    /// - Throws: The first broken rule.
    public static func load(
        from descriptor: FileDescriptor, named name: String, as selected: BootProtocol? = nil
    ) throws(ELFError) -> KernelELF {
        do {
            let reading = try KernelReading(
                KernelFile(descriptor), ProblemCollector(stopsAtFirst: true), as: selected)
            guard let kernel = reading.kernel else {
                preconditionFailure("A kernel that breaks no rule was not read")
            }
            return kernel
        } catch {
            throw ELFError(file: name, problem: error)
        }
    }

    /// Reads as much of a kernel as possible and reports every rule that it breaks.
    ///
    /// - Parameters:
    ///   - descriptor: Open for reading; it stays open, and its position is neither used nor
    ///     changed.
    ///   - name: The file's name in the inspection and in errors.
    ///   - selected: The boot protocol; by default the first one that the file asks for.
    /// - Returns: The findings, and the kernel if none of them is an error.
    /// - Throws: The file cannot be read, or it is not a regular file.
    public static func inspect(
        _ descriptor: FileDescriptor, named name: String, as selected: BootProtocol? = nil
    ) throws(ELFError) -> Inspection {
        do {
            let reading = try KernelReading(
                KernelFile(descriptor), ProblemCollector(stopsAtFirst: false), as: selected)
            return reading.inspection(named: name)
        } catch {
            throw ELFError(file: name, problem: error)
        }
    }
}

extension KernelReading {
    fileprivate func inspection(named name: String) -> Inspection {
        let omitted = ELFRule.allCases.compactMap { rule in
            problems.omittedCounts[rule].map {
                Finding(rule, at: "file", message: "\($0) more of this kind")
            }
        }
        let warnings = (kernel?.warnings ?? protocolWarnings).map(\.finding)
        let debug = debugByteCount > 0 ? [debugInformation] : []
        var inspection = Inspection(
            file: name, fileByteCount: file.byteCount, findings: [], segments: programHeaders,
            debugByteCount: debugByteCount, configuration: configuration, protocols: protocols,
            kernel: kernel)
        inspection.add(problems.problems.map(\.finding) + omitted + warnings + debug)
        return inspection
    }

    private var debugInformation: Finding {
        Finding(
            .debugInformation, at: "sections", field: ".debug_*", "\(debugByteCount) bytes",
            "0 bytes", "\(debugByteCount) bytes of debug information, which loading does not need")
    }
}
