import Foundation
public import SystemPackage

/// Paths of what is tested.
public enum Project {
    /// The package's root folder.
    public static let root = FilePath(#filePath)
        .removingLastComponent().removingLastComponent().removingLastComponent()

    /// The sources of the sample kernels.
    public static let kernels = root.appending("Fixtures/kernels")

    /// The sample kernel that `make kernel` builds.
    public static let sampleKernel = root.appending(
        ".build/x86_64-unknown-none-elf/debug/SampleKernel")

    /// The executable from the same build as the running tests.
    public static let bootimage = executable("bootimage")

    /// The helper that links libguestfs, beside it.
    public static let guestFSHelper = executable("bootimage-guestfs")

    private static func executable(_ name: String) -> Tool {
        Tool(
            name: FilePath(CommandLine.arguments[0]).removingLastComponent().appending(name).string)
    }
}
