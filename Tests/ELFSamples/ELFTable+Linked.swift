/// The structures of a kernel that a linker made.
extension ELFTable {
    /// The ELF header, program headers, section headers and dynamic entries of a valid kernel.
    static func headers(of file: [UInt8]) -> [ELFTable] {
        if file.number(at: 4, 1) == 1 { return headers32(of: file) }
        let segments = programHeaders(of: file)
        let dynamic = (0..<segments.count).map { segments.range(ofEntry: $0).lowerBound }
            .first { file.number(at: $0, 4) == 2 }
            .map {
                ELFTable(
                    offset: file.number(at: $0 + 8, 8), count: file.number(at: $0 + 32, 8) / 16,
                    widths: [8, 8])
            }
        let sections = ELFTable(
            offset: file.number(at: 40, 8), count: file.number(at: 60, 2),
            widths: [4, 4, 8, 8, 8, 8, 4, 4, 8, 8])
        return [header, segments, sections] + [dynamic].compactMap(\.self)
    }

    /// The fields of a program header of 32 bits are in another order than those of 64 bits, so
    /// what is done to the edges of segments concerns other numbers.
    private static func headers32(of file: [UInt8]) -> [ELFTable] {
        let word = [4, 4, 4, 4]
        return [
            ELFTable(
                offset: 0, count: 1,
                widths: [4] + identification + [2, 2] + word + [4, 2, 2, 2, 2, 2, 2]),
            ELFTable(
                offset: file.number(at: 28, 4), count: file.number(at: 44, 2),
                widths: word + word),
            ELFTable(
                offset: file.number(at: 32, 4), count: file.number(at: 48, 2),
                widths: word + word + [4, 4]),
        ]
    }

    /// The words between the markers of a Limine kernel; empty for other kernels.
    static func limine(in file: [UInt8]) -> [ELFTable] {
        func offset(of first: UInt64, after start: Int = 0) -> Int? {
            stride(from: start, to: file.count - 8, by: 8).first {
                file.number(in: $0..<$0 + 8) == first
            }
        }
        guard let start = offset(of: 0xf6b8_f4b3_9de7_d1ae),
            let end = offset(of: 0xadc0_e053_1bb1_0d03, after: start)
        else { return [] }
        return [ELFTable(offset: start, count: (end - start) / 8 + 2, widths: [8])]
    }

    /// The headers of a kernel of Multiboot or Multiboot2: fields, tags, and what a checksum is of.
    static func multibootHeaders(of file: [UInt8]) -> [(tables: [ELFTable], sum: ELFTable)] {
        stride(from: 0, to: min(file.count, 0x8000) - 16, by: 4).compactMap { offset in
            switch file.number(at: offset, 4) {
            case 0x1bad_b002:
                let sum = ELFTable(offset: offset, count: 1, widths: [4, 4, 4])
                let rest = ELFTable(offset: offset + 12, count: 9, widths: [4])
                return ([sum, rest], sum)
            case 0xe852_50d6:
                let sum = ELFTable(offset: offset, count: 1, widths: [4, 4, 4, 4])
                return ([sum] + tags(in: file, from: offset + 16), sum)
            default: return nil
            }
        }
    }

    private static func tags(in file: [UInt8], from start: Int) -> [ELFTable] {
        var tags: [ELFTable] = []
        var offset = start
        repeat {
            let byteCount = file.number(at: offset + 4, 4)
            let words = [Int](repeating: 4, count: (byteCount - 8) / 4)
            tags.append(ELFTable(offset: offset, count: 1, widths: [2, 2, 4] + words))
            offset += (byteCount + 7) & ~7
        } while file.number(at: tags[tags.count - 1].offset, 2) != 0
        return tags
    }
}
