/// A second reader of what a kernel asks of boot protocols, to compare ELFKit with.
///
/// It follows the specifications of Multiboot, Multiboot2 and Limine, and looks at every place
/// where a structure may be, one after the other.
public struct ProtocolVerdict: Sendable {
    /// The name of the protocol by which the loader starts the kernel.
    public private(set) var selected = "plain"
    /// What the kernel asks for, one line each.
    public private(set) var lines: [String] = []

    private let file: FileBytes
    private var sections: [Int128] = []
    private var sectionNames: Range<Int128> = 0..<0

    /// Reads a whole file.
    public init(on bytes: [UInt8]) {
        file = FileBytes(bytes: bytes)
        let isELF = isUsableELF
        var found: [String] = []
        if isELF, hasConfiguration() { found.append("bootloader") }
        if isELF, readLimine() { found.append("limine") }
        if readMultiboot2() { found.append("multiboot2") }
        if readMultiboot() { found.append("multiboot") }
        if readImage() { found.append("arm64-image") }
        if isELF, file.header(18, 2) == 183 {
            found = found.filter { !$0.hasPrefix("multiboot") }
            if found.isEmpty, isLinkedForMemory { found = ["arm64-image"] }
        }
        selected = found.first ?? "plain"
    }

    private var is32Bit: Bool { file.header(4, 1) == 1 }

    /// Returns a number of the ELF header or of an entry, whose place depends on the class.
    private func field(_ base: Int128, _ narrow: (Int128, Int128), _ wide: (Int128, Int128))
        -> Int128
    {
        let (offset, width) = is32Bit ? narrow : wide
        return file.number(base + offset, width) ?? 0
    }

    private var programTable: Int128 { field(0, (28, 4), (32, 8)) }
    private var programCount: Int128 { field(0, (44, 2), (56, 2)) }
    private var sectionTable: Int128 { field(0, (32, 4), (40, 8)) }
    private var sectionCount: Int128 { field(0, (48, 2), (60, 2)) }
    private var sectionSize: Int128 { is32Bit ? 40 : 64 }
    private var programSize: Int128 { is32Bit ? 32 : 56 }

    /// Whether the ELF header and the program headers break no rule.
    private var isUsableELF: Bool {
        guard file.byteCount >= 64, file.number(0, 4) == 0x464c_457f,
            [1, 2].contains(file.header(4, 1)), file.header(5, 1) == 1, file.header(6, 1) == 1,
            file.header(20, 4) == 1, [2, 3].contains(file.header(16, 2)),
            (is32Bit ? [3] : [62, 183]).contains(file.header(18, 2)),
            field(0, (40, 2), (52, 2)) == (is32Bit ? 52 : 64),
            programTable != 0, programCount != 0, programCount != 0xffff,
            field(0, (42, 2), (54, 2)) == programSize,
            programTable + programCount * programSize <= file.byteCount
        else { return false }
        let hasCount = sectionTable != 0 && sectionCount == 0
        guard hasCount, sectionTable + sectionSize <= file.byteCount else { return true }
        return field(sectionTable, (20, 4), (32, 8)) == 0
    }
}

extension ProtocolVerdict {
    /// Finds the sections and their names; returns whether one has the configuration's name.
    private mutating func hasConfiguration() -> Bool {
        guard sectionTable != 0, sectionCount != 0, field(0, (46, 2), (58, 2)) == sectionSize,
            sectionTable + sectionCount * sectionSize <= file.byteCount
        else { return false }
        sections = (0..<sectionCount).map { sectionTable + $0 * sectionSize }
        let code = sections.filter {
            field($0, (8, 4), (8, 8)) & 6 == 6 && field($0, (20, 4), (32, 8)) > 0
        }
        let isDebugFile = !code.isEmpty && code.allSatisfy { file.number($0 + 4, 4) == 8 }
        let index = field(0, (50, 2), (62, 2))
        guard !isDebugFile, index != 0, index < sectionCount else { return false }
        let start = field(sections[Int(index)], (16, 4), (24, 8))
        let count = field(sections[Int(index)], (20, 4), (32, 8))
        guard count <= 1 << 20, start + count <= file.byteCount else { return false }
        let wanted = Array(".bootloader-config\0".utf8)
        return sections.contains { section in
            let name = file.number(section, 4) ?? 0
            return name + Int128(wanted.count) <= count
                && wanted.indices.allSatisfy {
                    file.number(start + name + Int128($0), 1) == Int128(wanted[$0])
                }
        }
    }
}

extension ProtocolVerdict {
    /// Reads the header of a flat kernel for 64-bit ARM; returns whether there is one.
    private mutating func readImage() -> Bool {
        guard file.byteCount >= 64, file.number(0, 4) != 0x464c_457f,
            file.number(56, 4) == 0x644d_5241
        else { return false }
        let fields: [Int128] = [8, 16, 24]
        let numbers = fields.map { "\(file.header($0, 8))" }
        lines.append("image \(numbers.joined(separator: " "))")
        return true
    }

    /// Whether each PT_LOAD is linked to where it is loaded, in the RAM of QEMU's virt.
    private var isLinkedForMemory: Bool {
        let loads = (0..<programCount).map { programTable + $0 * programSize }
            .filter { file.number($0, 4) == 1 }
        return file.header(16, 2) == 2 && !loads.isEmpty
            && loads.allSatisfy { load in
                let address = file.header(load + 24, 8)
                return address == file.header(load + 16, 8)
                    && address >= 1 << 30 && address < 256 << 30
            }
    }
}

extension ProtocolVerdict {
    /// Words at an address of a segment, as far as the file has them.
    private struct Words {
        let address: Int128
        let place: Int128
        let numbers: [Int128]
    }

    private static let startMarker: [Int128] = [
        0xf6b8_f4b3_9de7_d1ae, 0xfab9_1a69_40fc_b9cf, 0x785c_6ed0_15d3_e316, 0x181e_920a_7852_b9d9,
    ]
    private static let endMarker: [Int128] = [0xadc0_e053_1bb1_0d03, 0x9572_709f_3176_4c62]
    private static let baseRevision: [Int128] = [0xf956_2b2d_5c95_a6c8, 0x6a7b_3849_4453_6bdc]
    private static let request: [Int128] = [0xc7b1_dd30_df4c_8b88, 0x0a82_e883_a194_f07b]

    /// Reads Limine's structures; returns whether there is any request.
    private mutating func readLimine() -> Bool {
        let words = candidates
        let start = words.last { $0.numbers.starts(with: Self.startMarker) }?.address ?? 0
        let end =
            words.first {
                $0.numbers.starts(with: Self.endMarker) && $0.address >= start
            }?.address ?? addressLimit
        for item in words where start <= item.address && item.address < end {
            let numbers = item.numbers
            if numbers.starts(with: Self.baseRevision), numbers.count >= 3 {
                lines.append("base revision \(numbers[2])")
            }
            if numbers.starts(with: Self.request), numbers.count >= 6 {
                lines.append("request \(item.address): \(numbers[2]) \(numbers[3]) \(numbers[4])")
            }
        }
        return words.contains { $0.numbers.starts(with: Self.request) }
    }

    /// Six words at each multiple of 8 in the segments' file bytes, by address; not more bytes than
    /// the file has.
    private var candidates: [Words] {
        let loads = (0..<programCount).map { programTable + $0 * programSize }
            .filter { file.number($0, 4) == 1 }
            .map { header in
                (
                    offset: field(header, (4, 4), (8, 8)), address: field(header, (8, 4), (16, 8)),
                    count: field(header, (16, 4), (32, 8))
                )
            }
            .filter { $0.offset + $0.count <= file.byteCount }
            .sorted { $0.address < $1.address }
        var (words, left): ([Words], Int128) = ([], file.byteCount)
        for load in loads {
            let end = load.offset + min(load.count, left)
            left -= end - load.offset
            var place = load.offset + (8 - load.address % 8) % 8
            while place + 8 <= end {
                let count = min(6, (end - place) / 8)
                words.append(
                    Words(
                        address: (load.address + place - load.offset) % addressLimit, place: place,
                        numbers: (0..<count).map { file.number(place + $0 * 8, 8) ?? 0 }))
                place += 8
            }
        }
        return words.sorted { ($0.address, $0.place) < ($1.address, $1.place) }
    }
}

extension ProtocolVerdict {
    private static let modulus: Int128 = 1 << 32

    /// The offset of the first header of that many words.
    private func header(
        _ magic: Int128, words: Int128, alignment: Int128, window: Int128
    ) -> Int128? {
        var place: Int128 = 0
        while place + words * 4 <= min(window, file.byteCount) {
            let numbers = (0..<words).map { file.number(place + $0 * 4, 4) ?? 0 }
            if numbers[0] == magic, numbers.reduce(0, +) % Self.modulus == 0 { return place }
            place += alignment
        }
        return nil
    }

    private mutating func readMultiboot() -> Bool {
        guard let place = header(0x1bad_b002, words: 3, alignment: 4, window: 8192) else {
            return false
        }
        lines.append("flags \(file.number(place + 4, 4) ?? 0)")
        return true
    }

    private mutating func readMultiboot2() -> Bool {
        guard let start = header(0xe852_50d6, words: 4, alignment: 8, window: 32_768) else {
            return false
        }
        let end = min(32_768, file.byteCount, start + (file.number(start + 8, 4) ?? 0))
        var place = start + 16
        while place + 8 <= end, let type = file.number(place, 2), type != 0,
            let flags = file.number(place + 2, 2), let size = file.number(place + 4, 4),
            size >= 8, place + size <= end
        {
            lines.append("tag \(type) \(flags) \(size)")
            place += (size + 7) / 8 * 8
        }
        return true
    }
}
