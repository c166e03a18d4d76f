package import SystemPackage

/// Why a file could not be read or written.
package enum FileError: Error, Equatable, Sendable {
    /// A system call failed.
    case failed(Step, FilePath, Errno)
    /// The output exists and is a folder, a device or a pipe.
    case notAFile(FilePath)
    /// The output is a folder.
    case isFolder(FilePath)

    /// The step that failed.
    package enum Step: Sendable {
        case open, read
        /// `stat` and `readlink` of an output.
        case find
        /// `open` of a temporary file or folder.
        case create
        case setSize, write
        /// `rename` to the output.
        case replace
    }
}

extension FileError {
    /// The system's reason.
    package var errno: Errno {
        switch self {
        case .failed(_, _, let errno): errno
        case .notAFile, .isFolder: .isDirectory
        }
    }

    /// Runs system calls; an `Errno` that they throw becomes a ``FileError``.
    package static func attempt<Value>(
        _ step: Step, _ path: FilePath, _ body: () throws -> Value
    ) throws(FileError) -> Value {
        do {
            return try body()
        } catch {
            throw .failed(step, path, error as? Errno ?? .ioError)
        }
    }
}
