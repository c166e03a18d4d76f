import DiskImage
package import ELFKit
import HostSystem
package import SystemPackage

/// Open input files, in the order in which contents refer to them; the last reference closes them.
final class OpenInputs {
    private(set) var files: [ImageInput] = []
    private var owned: [FileDescriptor] = []

    // Closing a file that was only read loses nothing.
    deinit { for descriptor in owned { try? descriptor.close() } }

    /// Keeps a file, and closes it in the end; returns all of it.
    @discardableResult
    func add(_ file: ImageInput) -> Content {
        owned.append(file.descriptor)
        return share(file)
    }

    /// Keeps a file that others use, too; returns all of it.
    func share(_ file: ImageInput) -> Content {
        files.append(file)
        return .input(index: files.count - 1, length: file.byteCount)
    }

    /// Opens and keeps a regular file; returns all of it.
    func open(_ path: FilePath) throws(BuildError) -> Content { add(try .openRegular(path)) }
}

/// The kernels of a build, opened once: their first bytes say what they are for.
package struct KernelFiles {
    let inputs = OpenInputs()
    private var kernels: [KernelContent.OtherKernel] = []

    /// Opens at least one kernel; `selected` is their boot protocol.
    package init(_ paths: [FilePath], as selected: BootProtocol?) throws(BuildError) {
        for path in paths {
            let file = try ImageInput.open(path)
            inputs.add(file)
            let start = try file.header()
            let architecture = Architecture(ofKernelStartingWith: start, as: selected)
            kernels.append(.init(path: path, architecture: architecture))
        }
    }

    /// Returns content with these kernels, each with its architecture.
    package func content(_ content: KernelContent) -> KernelContent {
        var content = content
        (content.kernel, content.architecture) = (kernels[0].path, kernels[0].architecture)
        content.otherKernels = Array(kernels.dropFirst())
        return content
    }
}

extension ImageInput {
    static func openRegular(_ path: FilePath) throws(BuildError) -> ImageInput {
        let file = try open(path)
        guard (try? file.descriptor.stat().type) == .regular else { throw .input(path, .notAFile) }
        return file
    }

    static func open(_ path: FilePath) throws(BuildError) -> ImageInput {
        do {
            return try ImageInput(FileDescriptor.openForReading(path), path: path)
        } catch FileError.failed(_, _, let errno), WriteError.failed(_, _, let errno) {
            throw .input(path, .unreadable(errno))
        } catch {
            throw .input(path, .unreadable(.ioError))
        }
    }

    /// The bytes that an ELF header starts with; none of a folder or a pipe, which `KernelELF`
    /// refuses.
    fileprivate func header() throws(BuildError) -> [UInt8] {
        do throws(BuildError) {
            return try descriptor.read(64, at: 0, of: path)
        } catch .input(_, .readFailed(.isDirectory)), .input(_, .readFailed(.illegalSeek)) {
            return []
        }
    }
}

extension ExtraFile {
    /// The files below this folder, in the order of their names; empty folders are omitted.
    ///
    /// They go below its destination; `/` is the root. Symbolic links are followed inside the
    /// folder; one that leads out of it, or to a folder around itself, is refused.
    func listing() throws(BuildError) -> [ExtraFile] {
        guard let root = source.resolved else { throw .input(source, .notAFolder) }
        var files: [ExtraFile] = []
        try list(root: root, around: [root], into: &files)
        return files
    }

    /// The limit of files and folders, against links whose paths multiply.
    private static let limit = 1_000_000

    /// `around` are the real paths of this folder and those around it.
    private func list(
        root: FilePath, around: [FilePath], into files: inout [ExtraFile]
    ) throws(BuildError) {
        let names: [String]
        do {
            names = try source.names()
        } catch {
            throw .input(source, .notAFolder)
        }
        let start = destination == "/" ? "" : destination + "/"
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let file = ExtraFile(destination: start + name, source: source.appending(text: name))
            guard let real = file.source.resolved else {
                throw .input(file.source, .unreadable(.noSuchFileOrDirectory))
            }
            guard real.starts(with: root) else {
                throw .input(file.source, .linkLeadsOut(of: root, to: real))
            }
            if (try? real.stat().type) == .directory {
                if around.contains(real) { throw .input(file.source, .linkLoop(to: real)) }
                try file.list(root: root, around: around + [real], into: &files)
            } else {
                files.append(file)
            }
            guard files.count <= Self.limit else {
                throw .input(source, .tooManyFiles(limit: Self.limit))
            }
        }
    }
}
