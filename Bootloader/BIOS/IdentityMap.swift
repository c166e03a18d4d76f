import CBIOS

/// The loader's own page tables: physical memory at its own address, 4 GiB from the start and
/// more by the gigabyte.
enum IdentityMap {
    static let gigabyte: UInt64 = 1 << 30
    private static let presentAndWritable: UInt64 = 0x3
    private static let large: UInt64 = 0x80

    /// The level-3 table, which covers 512 GiB.
    private static var directory: UnsafeMutablePointer<UInt64> {
        UInt64(PAGE_TABLES + 0x1000).pointer.assumingMemoryBound(to: UInt64.self)
    }

    /// Whether the gigabyte that holds this address, below 512 GiB, is mapped.
    static func covers(_ address: UInt64) -> Bool { directory[Int(address / gigabyte)] != 0 }

    /// Maps one more gigabyte with pages of 2 MiB, which every 64-bit processor has.
    static func add(gigabyteAt address: UInt64, table: UInt64) {
        let entries = table.pointer.bindMemory(to: UInt64.self, capacity: 512)
        for index in 0..<512 {
            entries[index] = address + UInt64(index) << 21 | large | presentAndWritable
        }
        directory[Int(address / gigabyte)] = table | presentAndWritable
    }
}
