import CBootInfo

/// A version of the boot contract, numbered like `bootloader_api`.
public struct APIVersion: Comparable {
    /// The first number; a different one means a different contract.
    public let major: UInt16
    /// The second number; before 1.0, a different one means a different contract.
    public let minor: UInt16
    /// The third number.
    public let patch: UInt16
    /// Whether it precedes the release with these numbers.
    public let isPreRelease: Bool

    /// The version `major.minor.patch`.
    public init(_ major: UInt16, _ minor: UInt16, _ patch: UInt16, isPreRelease: Bool = false) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.isPreRelease = isPreRelease
    }

    init(_ version: boot_api_version) {
        self.init(
            version.major, version.minor, version.patch, isPreRelease: version.pre_release != 0)
    }

    /// Orders by number; a pre-release comes before its release.
    public static func < (left: Self, right: Self) -> Bool {
        left.rank < right.rank
    }

    private var rank: UInt64 {
        UInt64(major) << 33 | UInt64(minor) << 17 | UInt64(patch) << 1 | (isPreRelease ? 0 : 1)
    }
}
