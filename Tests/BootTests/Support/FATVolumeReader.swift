import Foundation

/// Where things are in a FAT32 volume, read from its boot sector (FAT 1.03, section 3).
struct FATVolumeReader {
    private let start: Int
    private let tables: Range<Int>
    private let tableByteCount: Int
    private let clusterByteCount: Int

    init(_ bytes: Data, start: Int) {
        func number(_ offset: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[start + offset + $1]) << (8 * $1) }
        }
        self.start = start
        clusterByteCount = number(13, 1) * 512
        tableByteCount = number(36, 4) * 512
        let first = start + number(14, 2) * 512
        tables = first..<first + number(16, 1) * tableByteCount
    }

    /// The number of the cluster that holds this byte of the image.
    func cluster(at offset: Int) -> UInt32 {
        UInt32((offset - tables.upperBound) / clusterByteCount + 2)
    }

    /// Where the image has a cluster's entry, in each of the tables.
    func entryOffsets(of cluster: UInt32) -> [Int] {
        stride(from: tables.lowerBound, to: tables.upperBound, by: tableByteCount)
            .map { $0 + Int(cluster) * 4 }
    }
}
