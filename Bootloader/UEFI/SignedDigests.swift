import CUEFI

/// The digests, embedded in this loader, of the files that it may load.
///
/// The loader's signature covers them, so that firmware that verifies it verifies them as well.
struct SignedDigests {
    private let table = loader_digests()

    /// Whether files are verified at all.
    var areSet: Bool { table.pointee.state != UInt32(DIGESTS_UNSET) }

    /// How many files there are.
    var count: Int { table.pointee.presence.nonzeroBitCount }

    /// Refuses a file that was added or removed after the loader was signed.
    func check(_ file: BootFile, isThere: Bool) throws(BootError) {
        guard areSet, isThere != isSigned(file) else { return }
        throw BootError(
            file.subject,
            isThere
                ? "was added after the loader was signed"
                : "was removed after the loader was signed")
    }

    /// Refuses a file that was changed after the loader was signed.
    ///
    /// The contents must be all of the file, in the memory that is used afterwards.
    func check(_ file: BootFile, _ contents: PhysicalMemory) throws(BootError) {
        guard areSet else { return }
        let found = SHA256(of: contents.bytes).words
        func signed(_ index: Int) -> UInt32 {
            UInt32(bigEndian: digest_word(table, file.digestIndex, UInt32(index)))
        }
        for index in found.indices where found[index] != signed(index) {
            throw BootError(
                file.subject, "digest differs from the signed one",
                found: Self.start(found[0], found[1]), allowed: Self.start(signed(0), signed(1)))
        }
    }

    private func isSigned(_ file: BootFile) -> Bool {
        table.pointee.presence >> file.digestIndex & 1 != 0
    }

    /// The first eight bytes, as digests are printed.
    private static func start(_ first: UInt32, _ second: UInt32) -> UInt64 {
        UInt64(first) << 32 | UInt64(second)
    }
}

extension BootFile {
    fileprivate var digestIndex: UInt32 {
        switch self {
        case .kernel: UInt32(DIGEST_KERNEL.rawValue)
        case .ramdisk: UInt32(DIGEST_RAMDISK.rawValue)
        case .settings: UInt32(DIGEST_SETTINGS.rawValue)
        case .parameters: UInt32(DIGEST_PARAMETERS.rawValue)
        case .module(let index): UInt32(DIGEST_FIRST_MODULE.rawValue) + UInt32(index)
        }
    }
}
