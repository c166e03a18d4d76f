/// A version of the boot contract.
struct Version: Equatable {
    /// The three numbers, 16 bits each, the first one topmost.
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(_ major: UInt64, _ minor: UInt64, _ patch: UInt64) {
        rawValue = major << 32 | minor << 16 | patch
    }

    var major: UInt64 { rawValue >> 32 }
    var minor: UInt64 { rawValue >> 16 & 0xFFFF }
    var patch: UInt64 { rawValue & 0xFFFF }

    /// The one that the loader keeps.
    static var spoken: Version {
        Version(UInt64(BOOT_API_MAJOR), UInt64(BOOT_API_MINOR), UInt64(BOOT_API_PATCH))
    }
}
