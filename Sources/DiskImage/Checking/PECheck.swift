/// What UEFI firmware looks for in /EFI/BOOT (UEFI 2.10 §3.5.1.1).
enum EFILoaderNames {
    /// The machine types by the names, which are in capitals here.
    static let machines: [String: UInt16] = [
        "BOOTX64.EFI": 0x8664, "BOOTIA32.EFI": 0x14C, "BOOTAA64.EFI": 0xAA64,
        "BOOTARM.EFI": 0x1C2, "BOOTRISCV64.EFI": 0x5064, "BOOTLOONGARCH64.EFI": 0x6264,
    ]

    /// Whether a file with that path is such a loader.
    static func contain(path: String) -> Bool {
        let path = path.uppercased()
        return machines.keys.contains { path == "/EFI/BOOT/\($0)" }
    }
}

/// Checks that a file is a program that UEFI firmware of some machine starts (PE/COFF, UEFI 2.10
/// §2.1.1).
struct PECheck<Source: DiskSource> {
    let source: Source
    let file: FATVolumeContents.File

    private static var largestHeaders: Int { 64 << 10 }
    private static var efiApplication: UInt16 { 10 }
    private static var executeFlag: UInt32 { 0x2000_0000 }

    /// Checks the headers.
    func check(_ findings: inout ImageFindings) throws(DiskReadError) {
        let start = Region(
            place: file.path, offset: file.runs.first?.lowerBound ?? 0,
            bytes: try source.read(Self.largestHeaders, of: file.runs))
        guard let header = header(in: start) else {
            let found = start.bytes.isEmpty ? "an empty file" : hexDump(start.bytes.prefix(4))
            return findings.expect(
                false, .peSignature, start, at: 0, found: found,
                allowed: "MZ, and PE where the field at 0x3C points")
        }
        let name = file.path.split(separator: "/").last.map { $0.uppercased() } ?? ""
        if let machine = EFILoaderNames.machines[name] {
            findings.expect(.peMachine, start, at: header + 4, is: machine)
        }
        let optional = header + 24
        findings.expect(.peSubsystem, start, at: optional + 68, is: Self.efiApplication)
        checkSections(start, header, &findings)
    }

    /// Where the PE header is, if all of it and its sections' headers are there.
    private func header(in start: Region) -> Int? {
        guard start.bytes.count >= 64, start.bytes.starts(with: "MZ".utf8) else { return nil }
        let header = Int(start.number(at: 0x3C, UInt32.self))
        guard header + 24 + 70 <= start.bytes.count, start.number(at: header) == UInt32(0x4550),
            [0x10B, 0x20B].contains(start.number(at: header + 24, UInt16.self))
        else { return nil }
        let sections = Int(start.number(at: header + 6, UInt16.self))
        let end = sectionTable(start, header) + 40 * sections
        return end <= start.bytes.count ? header : nil
    }

    private func sectionTable(_ start: Region, _ header: Int) -> Int {
        header + 24 + Int(start.number(at: header + 20, UInt16.self))
    }

    /// Every section is in the file and in the image, and the program starts in one with code.
    private func checkSections(_ start: Region, _ header: Int, _ findings: inout ImageFindings) {
        let entry: UInt32 = start.number(at: header + 24 + 16)
        let imageSize: UInt32 = start.number(at: header + 24 + 56)
        var isEntryCode = false
        for index in 0..<Int(start.number(at: header + 6, UInt16.self)) {
            let field = sectionTable(start, header) + 40 * index
            let word = { (offset: Int) -> UInt64 in
                UInt64(start.number(at: field + offset, UInt32.self))
            }
            let (memory, address, length, offset) = (word(8), word(12), word(16), word(20))
            let isInside =
                address + memory <= UInt64(imageSize)
                && (length == 0 || offset + length <= file.byteCount)
            findings.expect(
                isInside, .peSections, start, at: field,
                found: "\(length) bytes from \(hex(offset)) on",
                allowed: "within the file's \(file.byteCount) bytes")
            let isCode = start.number(at: field + 36, UInt32.self) & Self.executeFlag != 0
            if isCode, (address..<address + max(memory, length)).contains(UInt64(entry)) {
                isEntryCode = true
            }
        }
        findings.expect(
            isEntryCode, .peEntry, start, at: header + 24 + 16, found: hex(entry),
            allowed: "in a section with code")
    }
}
