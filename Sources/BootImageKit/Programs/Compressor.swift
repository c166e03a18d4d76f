package import SystemPackage

import HostSystem
import Libc

/// A program that packs a file, always in the same way.
enum Compressor {
    /// Packs one open file into another, which is empty.
    static func pack(
        _ input: FileDescriptor, by compression: Compression, into output: FileDescriptor
    ) throws(Failure) {
        let byteCount: UInt64
        do {
            byteCount = UInt64(try input.seek(offset: 0, from: .end))
            try input.seek(offset: 0, from: .start)
        } catch {
            throw Failure(.inputOutput, "a temporary file has no length: \(error)")
        }
        var program = try program(compression)
        program.input = input
        let arguments = compression.arguments(byteCount: byteCount)
        try programs { [program] () throws(ProgramError) in
            try ignoring(SIGXFSZ) { () throws(ProgramError) in
                _ = try program.run(arguments, output: output)
            }
        }
    }

    /// Refuses where the program is missing.
    static func check(_ compression: Compression) throws(Failure) {
        _ = try program(compression)
    }

    private static func program(_ compression: Compression) throws(Failure) -> Program {
        var program = try Program(
            compression.program, package: compression.package,
            need: "--compress \(compression.rawValue)")
        program.environment.withheld = compression.variables
        return program
    }
}

extension Compression {
    /// What unpacks a file and keeps it, as a shell takes it.
    package func unpackingCommand(for path: FilePath) -> String {
        let words = [program, "--decompress", "--keep", "--", path.string]
        return words.map(\.shellQuoted).joined(separator: " ")
    }

    /// Standard input to standard output, with nothing left to a default that versions, the number
    /// of processors or the user could change.
    fileprivate func arguments(byteCount: UInt64) -> [String] {
        switch self {
        case .zstd: ["--quiet", "-T1", "-3", "--check", "--stream-size=\(byteCount)", "--stdout"]
        case .xz: ["--format=xz", "--check=crc64", "--threads=1", "-6", "--stdout"]
        case .gz: ["--no-name", "-6", "--stdout"]
        }
    }

    /// Environment variables from which the program takes options.
    fileprivate var variables: [String] {
        switch self {
        case .zstd: ["ZSTD_CLEVEL", "ZSTD_NBTHREADS"]
        case .xz: ["XZ_DEFAULTS", "XZ_OPT"]
        case .gz: ["GZIP"]
        }
    }
}
