import CUEFI

/// The digests in this loader of the files that it may start.
///
/// Firmware that verifies the loader's signature has thereby verified them.
struct SignedDigests {
    private let table: UnsafePointer<loader_digests>

    init() { table = loader_digests() }

    /// Whether the files are verified at all.
    var areSet: Bool { table.pointee.state != UInt32(DIGESTS_UNSET) }

    /// How many files there are.
    var count: Int { table.pointee.presence.nonzeroBitCount }

    /// Refuses a file that has come or gone since the loader was signed.
    func check(_ file: BootFile, isThere: Bool) throws(BootError) {
        guard areSet, isThere != isSigned(file) else { return }
        throw BootError(
            file.subject,
            isThere
                ? "is there, but was not when the loader was signed"
                : "is not there, but was when the loader was signed")
    }

    /// Refuses a file other than the one that was there when the loader was signed: these bytes are
    /// all of it, and what is used afterwards.
    func check(_ file: BootFile, _ bytes: UnsafeRawBufferPointer) throws(BootError) {
        guard areSet else { return }
        let found = SHA256(of: bytes).words
        let signed = UnsafeRawPointer(digest_of_file(table, file.digestIndex))
        for index in found.indices {
            guard found[index] == Self.word(signed, index) else {
                throw BootError(
                    file.subject, "digest differs from the one that was signed",
                    found: Self.start(found[0], found[1]),
                    allowed: Self.start(Self.word(signed, 0), Self.word(signed, 1)))
            }
        }
    }

    private func isSigned(_ file: BootFile) -> Bool {
        table.pointee.presence >> file.digestIndex & 1 != 0
    }

    private static func word(_ digest: UnsafeRawPointer, _ index: Int) -> UInt32 {
        UInt32(bigEndian: digest.load(fromByteOffset: 4 * index, as: UInt32.self))
    }

    /// The first eight bytes, as everybody writes them.
    private static func start(_ first: UInt32, _ second: UInt32) -> UInt64 {
        UInt64(first) << 32 | UInt64(second)
    }
}

extension BootFile {
    fileprivate var digestIndex: UInt32 {
        switch self {
        case .kernel: UInt32(DIGEST_KERNEL.rawValue)
        case .ramdisk: UInt32(DIGEST_RAMDISK.rawValue)
        case .bootConfiguration: UInt32(DIGEST_BOOT_CONFIGURATION.rawValue)
        }
    }
}
