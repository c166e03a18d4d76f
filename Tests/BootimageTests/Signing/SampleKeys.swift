import SystemPackage
import TestSupport

@testable import BootImageKit
@testable import ELFKit

/// Keys that are made once for all tests which do not change them.
enum SampleKeys {
    private static let making = Task {
        try await withTemporaryFolder { folder in
            let keys = KeyFolder(path: folder.appending("keys"))
            try await Project.bootimage.succeed(["keys", "new", "--directory", keys.path.string])
            return try names(in: keys.path).map { ($0, try read(keys.path.appending($0))) }
        }
    }

    /// Writes them into a folder of the test's, which is returned.
    static func copy(in folder: FilePath) async throws -> KeyFolder {
        let path = try makeFolder(folder.appending("keys"))
        for (name, bytes) in try await making.value {
            try write(bytes, to: path.appending(name))
        }
        return KeyFolder(path: path)
    }
}

/// A kernel in a folder, and keys in a folder beside it.
func withKernelAndKeys(
    _ body: (_ folder: FilePath, _ kernel: FilePath, _ keys: KeyFolder) async throws -> Void
) async throws {
    try await withKernel { folder, kernel in
        try await body(folder, kernel, try await SampleKeys.copy(in: folder))
    }
}

extension KeyFolder {
    /// What makes `build` sign with them.
    var signingOptions: [String] {
        [
            "--sign-key", identity.key.string, "--sign-cert", identity.certificate.string,
        ]
    }
}
