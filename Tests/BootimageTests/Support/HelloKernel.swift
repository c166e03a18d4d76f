import SystemPackage
import TestSupport
import Testing

/// Fixtures/kernels/hello.S, compiled once for all tests.
enum HelloKernel {
    private static let compilation = Task {
        try await withTemporaryFolder { folder in
            try read(await SampleKernel(source: "hello.S", shape: .higherHalf).build(in: folder))
        }
    }

    /// The ELF file.
    static var bytes: [UInt8] { get async throws { try await compilation.value } }

    /// The ELF file with its code writable: it boots, but deserves a warning.
    static var bytesWithWritableCode: [UInt8] {
        get async throws {
            var bytes = try await bytes
            let (firstHeader, headerByteCount, flags) = (64, 56, 4)
            let (readExecute, readWriteExecute): (UInt8, UInt8) = (5, 7)
            let offsets = (0..<8).map { firstHeader + $0 * headerByteCount + flags }
            bytes[try #require(offsets.first { bytes[$0] == readExecute })] = readWriteExecute
            return bytes
        }
    }
}

/// What tests of the executable need: a folder with nothing but `kernel.elf` in it.
func withKernel(
    named name: String = "kernel.elf",
    _ body: (_ folder: FilePath, _ kernel: FilePath) async throws -> Void
) async throws {
    try await withTemporaryFolder { folder in
        let kernel = folder.appending(name)
        try write(await HelloKernel.bytes, to: kernel)
        try await body(folder, kernel)
    }
}
