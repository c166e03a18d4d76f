import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The file that an image is to replace, or to become.
struct OutputFile {
    /// Where the file itself lies: no symbolic link.
    let path: FilePath

    private static let maximumLinks = 40

    /// Finds the file that `output` names, through symbolic links, also one that is not there yet.
    ///
    /// - Throws: ``WriteError`` if it is no regular file, or one of the inputs.
    init(_ output: FilePath, inputs: [ImageInput]) throws(WriteError) {
        guard output.lastComponent?.kind == .regular else { throw .outputNotAFile(path: output) }
        if let status = try Self.status(of: output) {
            guard status.type == .regular else { throw .outputNotAFile(path: output) }
            for input in inputs where input.isSameFile(as: status) {
                throw .outputIsInput(output: output, input: input.path)
            }
        }
        path = try Self.followLinks(from: output)
    }

    private static func status(of path: FilePath) throws(WriteError) -> Stat? {
        try attempt(.findOutput, path) {
            do {
                return try path.stat()
            } catch Errno.noSuchFileOrDirectory {
                return nil
            }
        }
    }

    private static func followLinks(from output: FilePath) throws(WriteError) -> FilePath {
        var path = output
        for _ in 0..<maximumLinks {
            guard let target = try link(at: path) else { return path }
            path = path.removingLastComponent().pushing(target)
        }
        throw .failed(step: .findOutput, path: output, errno: .tooManySymbolicLinkLevels)
    }

    /// Where a symbolic link points; `nil` for what is none.
    private static func link(at path: FilePath) throws(WriteError) -> FilePath? {
        var target = [CInterop.PlatformChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = path.withPlatformString { readlink($0, &target, target.count - 1) }
        guard length < 0 else { return FilePath(platformString: target) }
        let error = Errno(rawValue: errno)
        guard error == .invalidArgument || error == .noSuchFileOrDirectory else {
            throw .failed(step: .findOutput, path: path, errno: error)
        }
        return nil
    }
}
