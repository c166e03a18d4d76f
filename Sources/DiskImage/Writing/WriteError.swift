public import SystemPackage

import HostSystem

/// Why an image was not written; the output holds what it held before.
public enum WriteError: Error, Equatable {
    /// A system call failed.
    case failed(step: WriteStep, path: FilePath, errno: Errno)
    /// The output is there, and it is no regular file.
    case outputNotAFile(path: FilePath)
    /// The folder for outputs is there, and it is no folder.
    case outputNotAFolder(path: FilePath)
    /// A symbolic link leads from the folder for outputs to somewhere else.
    case outputElsewhere(path: FilePath, folder: FilePath)
    /// A file is there that would be taken for one of the outputs.
    case outputInTheWay(path: FilePath)
    /// The output and an input are one file.
    case outputIsInput(output: FilePath, input: FilePath)
    /// An input ends before the layout says.
    case inputTooShort(path: FilePath, found: ByteCount, needed: ByteCount)
    /// An input became another while the image was being made.
    case inputChanged(path: FilePath)
}

/// What was being done when a system call failed.
public enum WriteStep: String, Sendable {
    /// `fstat` or `read` of an input.
    case readInput = "read"
    /// `stat` and `readlink` of the output.
    case findOutput = "find"
    /// `mkdir` of the folder for outputs.
    case createFolder = "create the folder"
    /// `open` of the temporary file.
    case createTemporary = "create"
    /// `ftruncate` of the temporary file.
    case setSize = "set the size of"
    /// `pwrite` to the temporary file, and its `close`.
    case write = "write"
    /// `rename` of the temporary file to the output.
    case replaceOutput = "replace"
}

extension WriteError: CustomStringConvertible {
    init(_ error: FileError) {
        switch error {
        case .notAFile(let path), .isFolder(let path): self = .outputNotAFile(path: path)
        case .failed(let step, let path, let errno):
            let step: WriteStep =
                switch step {
                case .open, .read: .readInput
                case .find: .findOutput
                case .create: .createTemporary
                case .setSize: .setSize
                case .write: .write
                case .replace: .replaceOutput
                }
            self = .failed(step: step, path: path, errno: errno)
        }
    }

    /// Runs what writes files; its error becomes a ``WriteError``.
    static func attempt<Value: ~Copyable>(
        _ body: () throws(FileError) -> Value
    ) throws(WriteError) -> Value {
        do throws(FileError) { return try body() } catch { throw WriteError(error) }
    }

    /// One line: what could not be done, with which file, and why.
    public var description: String {
        switch self {
        case .failed(let step, let path, let errno):
            "cannot \(step.rawValue) \(quoted(path)): \(errno)"
        case .outputNotAFile(let path):
            "cannot write to \(quoted(path)): it is a folder, a device or a pipe; name a file"
        case .outputNotAFolder(let path):
            "cannot write into \(quoted(path)): it is not a folder; name another"
        case .outputElsewhere(let path, let folder):
            "cannot write to \(quoted(path)): a symbolic link leads out of \(quoted(folder)); "
                + "remove it"
        case .outputInTheWay(let path):
            "\(quoted(path)) is there, but not part of this build; remove it"
        case .outputIsInput(let output, let input):
            "cannot write to \(quoted(output)): it is the input \(quoted(input)); name another file"
        case .inputTooShort(let path, let found, let needed):
            "\(quoted(path)) ends after \(found), before the \(needed) planned; try again"
        case .inputChanged(let path):
            "\(quoted(path)) changed while the image was being made; try again"
        }
    }
}

/// Runs system calls; an `Errno` that they throw becomes a ``WriteError``.
func attempt<Value>(
    _ step: WriteStep, _ path: FilePath, _ body: () throws -> Value
) throws(WriteError) -> Value {
    do {
        return try body()
    } catch let errno as Errno {
        throw .failed(step: step, path: path, errno: errno)
    } catch {
        preconditionFailure("system calls throw nothing but Errno: \(error)")
    }
}
