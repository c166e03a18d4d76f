import Foundation
public import SystemPackage

/// Where the things under test are.
public enum Project {
    /// The package's folder.
    public static let root = FilePath(#filePath)
        .removingLastComponent().removingLastComponent().removingLastComponent()

    /// The folder of sample kernels.
    public static let kernels = root.appending("Fixtures/kernels")

    /// The sample kernel as `make kernel` builds it.
    public static let sampleKernel = root.appending(
        ".build/x86_64-unknown-none-elf/debug/SampleKernel")

    /// The executable as the tests' own build made it.
    public static let bootimage = executable("bootimage")

    /// The helper that links libguestfs, beside it.
    public static let guestFSHelper = executable("bootimage-guestfs")

    private static func executable(_ name: String) -> Tool {
        Tool(
            name: FilePath(CommandLine.arguments[0]).removingLastComponent().appending(name).string)
    }
}
