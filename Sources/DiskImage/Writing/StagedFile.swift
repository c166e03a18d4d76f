public import SystemPackage

/// A file that grows beside an output and takes its place in the end, or vanishes.
///
/// It is for what other programs write: ``ImageWriter`` writes in the same way by itself.
public struct StagedFile: ~Copyable {
    private let output: OutputFile
    private var temporary: TemporaryFile

    /// Creates the file, empty, in the output's folder.
    ///
    /// - Throws: ``WriteError`` if the output is a folder, a device, a pipe or one of the inputs,
    ///   or if the file cannot be created.
    public init(for output: FilePath, inputs: [ImageInput] = []) throws(WriteError) {
        let file = try OutputFile(output, inputs: inputs)
        self.init(output: file, temporary: try TemporaryFile(beside: file.path))
    }

    private init(output: OutputFile, temporary: consuming TemporaryFile) {
        self.output = output
        self.temporary = temporary
    }

    /// The file, open for reading and writing.
    public var descriptor: FileDescriptor { temporary.descriptor }

    /// Where it lies until it takes the output's place; a program may write there, but must not
    /// put another file in its place.
    public var path: FilePath { temporary.path }

    /// Writes bytes at a place in the file.
    ///
    /// - Throws: ``WriteError/failed(step:path:errno:)``.
    public func write(_ bytes: [UInt8], at offset: UInt64 = 0) throws(WriteError) {
        try attempt(.write, path) {
            _ = try descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes)
        }
    }

    /// Makes this file the output: from one instant to the next its path names the new file.
    ///
    /// - Throws: ``WriteError/failed(step:path:errno:)``; the output is then the old one.
    public mutating func replaceOutput() throws(WriteError) {
        try temporary.replace(output.path)
    }
}
