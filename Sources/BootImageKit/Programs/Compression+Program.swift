import HostSystem
import Libc
package import SystemPackage

extension Compression {
    /// Compresses one open file into another, which is empty, reproducibly.
    func compress(_ input: FileDescriptor, into output: FileDescriptor) throws(BuildError) {
        let byteCount: UInt64
        do {
            byteCount = UInt64(try input.seek(offset: 0, from: .end))
            try input.seek(offset: 0, from: .start)
        } catch {
            throw .file(.failed(.setSize, "a temporary file", error as? Errno ?? .ioError))
        }
        try running(for: .compression(self)) { () throws(ProgramError) in
            var program = try Program(program)
            program.input = input
            program.environment.withheld = variables
            try ignoring(SIGXFSZ) { [program] () throws(ProgramError) in
                _ = try program.run(arguments(byteCount: byteCount), output: output)
            }
        }
    }

    /// The shell command that decompresses a file and keeps it.
    package func unpackingCommand(for path: FilePath) -> String {
        let words = [program, "--decompress", "--keep", "--", path.text]
        return words.map(\.shellQuoted).joined(separator: " ")
    }

    /// Standard input to standard output, without any default that could depend on the version, the
    /// number of processors or the user.
    private func arguments(byteCount: UInt64) -> [String] {
        switch self {
        case .zstd: ["--quiet", "-T1", "-3", "--check", "--stream-size=\(byteCount)", "--stdout"]
        case .xz: ["--format=xz", "--check=crc64", "--threads=1", "-6", "--stdout"]
        case .gz: ["--no-name", "-6", "--stdout"]
        }
    }

    /// The environment variables with the program's own options.
    private var variables: [String] {
        switch self {
        case .zstd: ["ZSTD_CLEVEL", "ZSTD_NBTHREADS"]
        case .xz: ["XZ_DEFAULTS", "XZ_OPT"]
        case .gz: ["GZIP"]
        }
    }
}
