package import HostSystem
public import SystemPackage

/// Writes images to files, and files to folders.
///
/// An output holds the old image or the new one, whatever fails or is killed in between: the
/// image grows in a temporary file `.NAME.PID-N.tmp` beside the output, which then takes its
/// place. What a killed process leaves is removed by the next one that writes the same output.
/// That covers a loss of power only if the writer is durable; nothing else is forced to the disk.
public struct ImageWriter: Sendable {
    /// The files that the layouts' inputs refer to by index.
    public let inputs: [ImageInput]
    /// Whether outputs and their names are forced to the disk.
    public let isDurable: Bool

    private typealias Region = (offset: ByteCount, content: Content)

    /// A writer that takes contents from these files.
    public init(inputs: [ImageInput] = [], isDurable: Bool = false) {
        (self.inputs, self.isDurable) = (inputs, isDurable)
    }

    /// Writes an image, in the place of whatever image was there.
    ///
    /// A symbolic link stays: the file it points at is replaced. A hard link is cut: the other
    /// names keep the old image. The new file's mode is 0666 less the umask. Every input index in
    /// the layout must be one of ``inputs``.
    ///
    /// - Throws: ``WriteError`` if a system call fails, if `output` is a folder, a device, a pipe
    ///   or one of the inputs, or if an input is too short or changes meanwhile.
    public func write(_ layout: ImageLayout, to output: FilePath) throws(WriteError) {
        let output = try find(output)
        try write(Self.regions(of: layout), size: layout.byteCount, to: output)
    }

    /// Writes an image as ``write(_:to:)`` does, and keeps it open.
    ///
    /// If its folder takes no new files, the image has no name, and an existing one stays.
    ///
    /// - Returns: The image, open for reading and writing, and whether `output` names it.
    package func writeKeepingOpen(
        _ layout: ImageLayout, to output: FilePath
    ) throws(WriteError) -> (file: FileDescriptor, hasName: Bool) {
        let output = try find(output)
        let file = try WriteError.attempt { () throws(FileError) in
            try KeptFile(replacing: output)
        }
        try write(
            Self.regions(of: layout), size: layout.byteCount, into: file.descriptor, output.path)
        do throws(FileError) { return try file.finish() } catch { throw WriteError(error) }
    }

    /// Writes an image into a file that has not taken its output's place yet, and is empty.
    package func write(_ layout: ImageLayout, into file: borrowing AtomicFile) throws(WriteError) {
        try write(
            Self.regions(of: layout), size: layout.byteCount, into: file.descriptor, file.output)
    }

    private static func regions(of layout: ImageLayout) -> [Region] {
        layout.extents.map { (layout.sectorSize.offset(of: $0.start), $0.content) }
    }

    /// Writes a folder's files, each in the place of the one that was there.
    ///
    /// The folder and those in it are created where there are none. Nothing is written if one of
    /// the files must not be replaced; a failure between two files leaves new ones beside old ones.
    ///
    /// - Throws: ``WriteError``, as for an image, and if the folder cannot be created, has a file
    ///   of one of the layout's ``FolderLayout/absentNames``, or a symbolic link that leads out.
    public func write(_ layout: FolderLayout, to path: FilePath) throws(WriteError) {
        let folder = try OutputFolder(creating: path)
        for name in layout.absentNames { try folder.checkAbsent(name) }
        let subfolders = layout.subfolders.map { path.appending(text: $0) }
        for subfolder in subfolders { try folder.check(subfolder: subfolder) }
        let outputs = try layout.files.map { file throws(WriteError) in
            let name = path.appending(text: file.path)
            let output = try find(name)
            try folder.check(output, named: name)
            return output
        }
        for subfolder in subfolders { _ = try OutputFolder(creating: subfolder) }
        for (file, output) in zip(layout.files, outputs) {
            try write([(.zero, file.content)], size: file.content.byteCount, to: output)
        }
        guard isDurable else { return }
        try WriteError.attempt { () throws(FileError) in
            for folder in [path] + subfolders {
                try folder.removingLastComponent().synchronizeFolder()
            }
        }
    }

    /// Writes a file of that content alone, in the place of whatever was there.
    ///
    /// - Throws: ``WriteError``, as for an image.
    public func write(_ content: Content, to output: FilePath) throws(WriteError) {
        let output = try find(output)
        try write([(.zero, content)], size: content.byteCount, to: output)
    }

    private func write(
        _ regions: [Region], size: ByteCount, to output: OutputPath
    ) throws(WriteError) {
        var file = try WriteError.attempt { () throws(FileError) in
            try AtomicFile(replacing: output, isDurable: isDurable)
        }
        try write(regions, size: size, into: file.descriptor, file.output)
        try WriteError.attempt { () throws(FileError) in try file.replaceOutput() }
    }

    /// Creates the file that another program writes in an output's place; the output must not be
    /// one of the inputs.
    package func stage(_ output: FilePath) throws(WriteError) -> AtomicFile {
        let output = try find(output)
        return try WriteError.attempt { () throws(FileError) in
            try AtomicFile(replacing: output, isDurable: isDurable)
        }
    }

    private func find(_ output: FilePath) throws(WriteError) -> OutputPath {
        let file = try WriteError.attempt { () throws(FileError) in try OutputPath(output) }
        if let status = file.status, let input = inputs.first(where: { $0.isSameFile(as: status) })
        {
            throw .outputIsInput(output: output, input: input.path)
        }
        return file
    }

    private func write(
        _ regions: [Region], size: ByteCount, into file: FileDescriptor, _ path: FilePath
    ) throws(WriteError) {
        try attempt(.setSize, path) { try file.resize(to: Int64(size.value)) }
        // One pass over the regions; what lies between them stays a hole.
        var sink = ImageSink(file, path: path)
        for (offset, content) in regions { try write(content, at: offset, to: &sink) }
        try sink.flush()
        for input in inputs { try input.checkUnchanged() }
    }

    private func write(
        _ content: Content, at offset: ByteCount, to sink: inout ImageSink
    ) throws(WriteError) {
        switch content {
        case .bytes(let bytes): try sink.write(bytes, at: Int64(offset.value))
        case .input(let index, let start, let length):
            try sink.copy(inputs[index], from: start, length, at: Int64(offset.value))
        case .joined(let contents):
            var end = offset
            for content in contents {
                try write(content, at: end, to: &sink)
                end += content.byteCount
            }
        }
    }
}
