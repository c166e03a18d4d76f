package import SystemPackage

/// A new file that stays open: in the place of its output, or without a name where the output's
/// folder takes no new files.
package enum KeptFile: ~Copyable {
    case named(AtomicFile)
    case unnamed(AnonymousFile)

    /// Creates the file, empty.
    package init(replacing output: OutputPath) throws(FileError) {
        do throws(FileError) {
            self = .named(try AtomicFile(replacing: output))
        } catch {
            switch error {
            case .failed(.create, _, .permissionDenied), .failed(.create, _, .readOnlyFileSystem):
                self = .unnamed(try AnonymousFile())
            default: throw error
            }
        }
    }

    /// Open for reading and writing.
    package var descriptor: FileDescriptor {
        switch self {
        case .named(let file): file.descriptor
        case .unnamed(let file): file.descriptor
        }
    }

    /// Gives the file its place, and the descriptor to the caller, who closes it.
    ///
    /// - Returns: The descriptor, which stays with the file whatever becomes of its name, and
    ///   whether it has one.
    package consuming func finish() throws(FileError) -> (file: FileDescriptor, hasName: Bool) {
        switch consume self {
        case .named(var file): (try file.replaceOutputKeepingOpen(), true)
        case .unnamed(let file): (file.release(), false)
        }
    }
}
