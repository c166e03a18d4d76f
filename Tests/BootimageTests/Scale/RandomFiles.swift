import SystemPackage
import TestSupport

/// Files as nobody would think them up, the same for the same seed: names short, long, alike and
/// foreign, folders deep, lengths around those of sectors and clusters, long ones mostly holes.
struct RandomFiles {
    struct File {
        var path: String
        var byteCount: Int
        /// Where the bytes come from.
        var source: FilePath
    }

    private(set) var files: [File] = []
    private var random: SplitMix64
    private let folder: FilePath

    /// Makes so many files in `folder`, together about `byteCount` long.
    init(seed: UInt64, count: Int, byteCount: Int, in folder: FilePath) throws {
        random = SplitMix64(state: seed)
        self.folder = folder
        var rest = byteCount
        var folders = [""]
        for number in 0..<count {
            if number % 8 == 0 { folders.append(newFolder(in: folders, number)) }
            let path = folders.randomElement(using: &random).map { $0 + name(number) } ?? ""
            let length = min(rest, shortLength(number, average: byteCount / count))
            try add(path, length)
            rest -= length
        }
        // FAT holds less than 4 GiB in a file.
        let longest = 4 << 30 - 1
        while rest > 0 {
            let length = min(rest, longest, Int.random(in: rest / 3...rest, using: &random) + 1)
            try add("LONG\(files.count)", length)
            rest -= length
        }
    }

    /// A folder in one of the others; one in four is deep in the last.
    private mutating func newFolder(in folders: [String], _ number: Int) -> String {
        let isDeep = random.next() % 4 == 0
        let around = isDeep ? folders[folders.count - 1] : folders.randomElement(using: &random)
        let names = ["D\(number)", "a folder with a long name \(number)", "Ördner.\(number)"]
        let name = names.randomElement(using: &random) ?? ""
        return "\(around ?? "")\(name)/" + (isDeep ? "\(number)/x/Y/z/" : "")
    }

    private mutating func name(_ number: Int) -> String {
        let names = [
            "F\(number).BIN", "f\(number).bin2", "kernel-module-number-\(number).bin",
            "KERNEL-MODULE-NUMBER-\(number).BINARY", ".hidden\(number)", "a.b.c.\(number)",
            "with spaces \(number) and+more;of[them].Text", "Ünïcödé-日本語-\(number).dat",
            "Ελληνικά \(number)", "\(number)" + String(repeating: "long", count: 60),
            "MODULE~\(number % 9).\(number)",
        ]
        return names.randomElement(using: &random) ?? ""
    }

    /// None, or around a power of two, or any up to twice the average.
    private mutating func shortLength(_ number: Int, average: Int) -> Int {
        switch number % 4 {
        case 0: return random.next() % 3 == 0 ? 0 : 1
        case 1, 2: return (512 << Int.random(in: 0...7, using: &random)) - 1 + number % 3
        default: return Int.random(in: 0...min(2 * average, 1 << 20), using: &random)
        }
    }

    /// A file with noise at its start and its end, and holes between them.
    private mutating func add(_ path: String, _ byteCount: Int) throws {
        let source = folder.appending("source\(files.count)")
        let descriptor = try FileDescriptor.open(
            source, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try descriptor.closeAfter {
            try descriptor.resize(to: Int64(byteCount))
            let piece = 4096
            for offset in Set([0, byteCount / 2, max(0, byteCount - piece)]) {
                let noise = noise(min(piece, byteCount - offset))
                try descriptor.writeAll(toAbsoluteOffset: Int64(offset), noise)
            }
        }
        files.append(File(path: path, byteCount: byteCount, source: source))
    }

    private mutating func noise(_ byteCount: Int) -> [UInt8] {
        let words = (0..<(byteCount + 7) / 8).map { _ in random.next() }
        return words.withUnsafeBytes { Array($0.prefix(byteCount)) }
    }
}
