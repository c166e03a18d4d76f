/// The headers of a PE file (Microsoft's "PE Format") that firmware, signing and checks read.
package struct PEHeaders {
    /// An entry of the section table.
    package struct Section {
        /// Without the padding.
        package let name: String
        /// Where the section's bytes are in the file; may reach past its end.
        package let file: Range<Int>
        /// Where it is loaded, and its length there.
        let address: UInt64
        let memoryByteCount: UInt64
        let isCode: Bool
        /// Where the entry itself starts in the file.
        let entryOffset: Int
    }

    private let file: Region
    /// Where "PE\0\0" is, and the optional header.
    let start: Int
    package var optionalHeader: Int { start + 24 }

    private static let signature: UInt32 = 0x4550
    private static let (pe32, pe32Plus): (UInt16, UInt16) = (0x10B, 0x20B)
    private static let sectionByteCount = 40
    private static let executeFlag: UInt32 = 0x2000_0000
    /// From the optional header's start.
    static let (entryOffset, imageSizeOffset, subsystemOffset) = (16, 56, 68)
    private static let (checksumOffset, certificatesOffset) = (64, 144)

    /// Reads a file or its start; `nil` unless all headers up to the subsystem are there.
    init?(_ file: Region) {
        guard file.bytes.count >= 64, file.bytes.starts(with: "MZ".utf8) else { return nil }
        (self.file, start) = (file, Int(file.number(at: 0x3C, UInt32.self)))
        guard optionalHeader + Self.subsystemOffset + 2 <= file.bytes.count,
            file.number(at: start) == Self.signature,
            [Self.pe32, Self.pe32Plus].contains(file.number(at: optionalHeader))
        else { return nil }
    }

    /// Reads a file; `nil` unless it is a PE file whose headers are all there.
    package init?(_ bytes: [UInt8]) {
        self.init(Region(place: "", offset: 0, bytes: bytes))
    }

    /// Whether it is for a 64-bit machine.
    package var isPE32Plus: Bool { file.number(at: optionalHeader) == Self.pe32Plus }

    package var checksum: Range<Int> {
        optionalHeader + Self.checksumOffset..<optionalHeader + Self.checksumOffset + 4
    }

    /// In a PE32+ file, where the data directory's entry for certificates is; `nil` past the end.
    package var certificatesField: Range<Int>? {
        let start = optionalHeader + Self.certificatesOffset
        return isPE32Plus && start + 8 <= file.bytes.count ? start..<start + 8 : nil
    }

    /// Where the attribute certificates are in the file, by the data directory; empty without any.
    package var certificates: Range<Int> {
        guard let field = certificatesField else { return 0..<0 }
        let start = Int(file.number(at: field.lowerBound, UInt32.self))
        return start..<start + Int(file.number(at: field.lowerBound + 4, UInt32.self))
    }

    /// The section table; `nil` if it reaches past the end.
    package var sections: [Section]? {
        let table = optionalHeader + Int(file.number(at: start + 20, UInt16.self))
        let count = Int(file.number(at: start + 6, UInt16.self))
        guard table + count * Self.sectionByteCount <= file.bytes.count else { return nil }
        return (0..<count).map { section(at: table + $0 * Self.sectionByteCount) }
    }

    private func section(at entry: Int) -> Section {
        func word(_ offset: Int) -> UInt32 { file.number(at: entry + offset) }
        let start = Int(word(20))
        return Section(
            name: String(decoding: file.bytes[entry..<entry + 8].prefix { $0 != 0 }, as: UTF8.self),
            file: start..<start + Int(word(16)), address: UInt64(word(12)),
            memoryByteCount: UInt64(word(8)), isCode: word(36) & Self.executeFlag != 0,
            entryOffset: entry)
    }
}

/// The loaders that UEFI firmware looks for in /EFI/BOOT (UEFI 2.10 §3.5.1.1).
package enum EFILoaderNames {
    /// The machine types, by names in capitals.
    static let machines: [String: UInt16] = [
        "BOOTX64.EFI": 0x8664, "BOOTIA32.EFI": 0x14C, "BOOTAA64.EFI": 0xAA64,
        "BOOTARM.EFI": 0x1C2, "BOOTRISCV64.EFI": 0x5064, "BOOTLOONGARCH64.EFI": 0x6264,
    ]

    package static func contain(path: String) -> Bool {
        let path = path.uppercased()
        return machines.keys.contains { path == "/EFI/BOOT/\($0)" }
    }
}
