package import DiskImage
package import SystemPackage

/// An open container that needs no other file.
///
/// Programs get its descriptor, not its name: what was checked is what they read.
package final class Container {
    package let path: FilePath
    package let format: ContainerFormat
    let descriptor: FileDescriptor

    /// Takes over an open file.
    ///
    /// - Throws: ``BuildError/input(_:_:)`` if the container needs another file, or is damaged.
    package init(
        _ descriptor: FileDescriptor, _ format: ContainerFormat, at path: FilePath
    ) throws(BuildError) {
        (self.descriptor, self.format, self.path) = (descriptor, format, path)
        try Self.check(descriptor, format, at: path)
    }

    /// Refuses a container that needs another file, or is damaged.
    package static func check(
        _ descriptor: FileDescriptor, _ format: ContainerFormat, at path: FilePath
    ) throws(BuildError) {
        let reference: ContainerReference?
        do {
            reference = try format.reference(in: ImageFile(descriptor))
        } catch {
            if let error = error as? ContainerError {
                throw .input(path, .badContainer(format, error))
            }
            throw .input(path, .readFailed(error as? Errno ?? .ioError))
        }
        if let reference { throw .input(path, .needsOtherFile(format, reference)) }
    }

    deinit { try? descriptor.close() }
}
