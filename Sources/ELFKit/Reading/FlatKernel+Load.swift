package import SystemPackage

extension FlatKernel {
    /// Reads an ELF file's headers, and checks the rules of flat kernels.
    ///
    /// - Parameters:
    ///   - descriptor: Open for reading; it stays open, and its position is neither used nor
    ///     changed.
    ///   - name: The file's name in errors.
    /// - Returns: The kernel's place, and the pieces of its flat file.
    /// - Throws: The first broken rule.
    package static func load(
        from descriptor: FileDescriptor, named name: String
    ) throws(ELFError) -> FlatKernel {
        do throws(Problem) {
            let file = try KernelFile(descriptor)
            let sections = try KernelSections(reading: file)
            if let problem = sections.problems.first { throw problem }
            guard let tables = sections.tables else {
                preconditionFailure("A file that breaks no rule was not read")
            }
            let segments = try tables.flatSegments()
            let start = segments.first { $0.fileByteCount > 0 }?.fileRange ?? 0..<0
            let count = min(start.byteCount, UInt64(ImageHeader.byteCount))
            let header = try file.bytes(in: start.lowerBound..<start.lowerBound + count)
            return try tables.flatKernel(
                segments, ImageHeader(inFileStartingWith: header.span.bytes))
        } catch {
            throw ELFError(file: name, problem: error)
        }
    }
}
