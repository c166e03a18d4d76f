public import SystemPackage

/// Writes images to files.
///
/// The output holds the old image or the new one, whatever fails or is killed in between: the
/// image grows in a temporary file `.NAME.PID-N.tmp` beside the output, which then takes its
/// place. What a killed process leaves is removed by the next one that writes the same output.
/// Nothing is forced to the disk, so the promise does not reach past a loss of power.
public struct ImageWriter: Sendable {
    /// The files that the layouts' inputs refer to by index.
    public let inputs: [ImageInput]

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
        let output = try OutputFile(output, inputs: inputs)
        var temporary = try TemporaryFile(beside: output.path)
        try fill(temporary.descriptor, temporary.path, with: layout)
        for input in inputs { try input.checkUnchanged() }
        try temporary.replace(output.path)
    }

    /// One pass over the extents; what lies between them stays a hole.
    private func fill(
        _ image: FileDescriptor, _ path: FilePath, with layout: ImageLayout
    ) throws(WriteError) {
        try attempt(.setSize, path) {
            try image.resize(to: Int64(layout.size.byteCount.value))
        }
        var sink = ImageSink(image, path: path)
        for extent in layout.extents {
            let offset = Int64(extent.start.byteOffset.value)
            switch extent.content {
            case .bytes(let bytes): try sink.write(bytes, at: offset)
            case .input(let index, let length):
                try sink.copy(inputs[index], length, at: offset)
            }
        }
        try sink.flush()
    }
}
