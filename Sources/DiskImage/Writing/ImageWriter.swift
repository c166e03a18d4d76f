public import SystemPackage

/// Writes images to files, and files to folders.
///
/// An output holds the old image or the new one, whatever fails or is killed in between: the
/// image grows in a temporary file `.NAME.PID-N.tmp` beside the output, which then takes its
/// place. What a killed process leaves is removed by the next one that writes the same output.
/// Nothing is forced to the disk, so the promise does not reach past a loss of power.
public struct ImageWriter: Sendable {
    /// The files that the layouts' inputs refer to by index.
    public let inputs: [ImageInput]

    private typealias Region = (offset: ByteCount, content: Content)

    /// A writer that takes contents from these files.
    public init(inputs: [ImageInput] = []) {
        self.inputs = inputs
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
        let regions = layout.extents.map { extent in
            (layout.sectorSize.offset(of: extent.start), extent.content)
        }
        let output = try OutputFile(output, inputs: inputs)
        try write(regions, size: layout.byteCount, to: output)
    }

    /// Writes a folder's files, each in the place of the one that was there.
    ///
    /// The folder and those in it are created where there are none. No file is written if one of
    /// them must not be replaced; a failure between two files leaves new ones beside old ones.
    ///
    /// - Throws: ``WriteError``, as for an image, and if the folder cannot be created or has a file
    ///   of one of the layout's ``FolderLayout/absentNames``.
    public func write(_ layout: FolderLayout, to path: FilePath) throws(WriteError) {
        let folder = try OutputFolder(creating: path)
        for name in layout.absentNames { try folder.checkAbsent(name) }
        for subfolder in layout.subfolders {
            _ = try OutputFolder(creating: path.pushing(FilePath(subfolder)))
        }
        let outputs = try layout.files.map { file throws(WriteError) in
            try OutputFile(path.pushing(FilePath(file.path)), inputs: inputs)
        }
        for (file, output) in zip(layout.files, outputs) {
            try write([(.zero, file.content)], size: file.content.byteCount, to: output)
        }
    }

    private func write(
        _ regions: [Region], size: ByteCount, to output: OutputFile
    ) throws(WriteError) {
        var temporary = try TemporaryFile(beside: output.path)
        try attempt(.setSize, temporary.path) {
            try temporary.descriptor.resize(to: Int64(size.value))
        }
        try fill(temporary.descriptor, temporary.path, with: regions)
        for input in inputs { try input.checkUnchanged() }
        try temporary.replace(output.path)
    }

    /// One pass over the regions; what lies between them stays a hole.
    private func fill(
        _ file: FileDescriptor, _ path: FilePath, with regions: [Region]
    ) throws(WriteError) {
        var sink = ImageSink(file, path: path)
        for (offset, content) in regions {
            let offset = Int64(offset.value)
            switch content {
            case .bytes(let bytes): try sink.write(bytes, at: offset)
            case .input(let index, let length):
                try sink.copy(inputs[index], length, at: offset)
            }
        }
        try sink.flush()
    }
}
