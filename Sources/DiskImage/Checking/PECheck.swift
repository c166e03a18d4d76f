/// Checks that a file is a program that UEFI firmware starts (PE/COFF, UEFI 2.10 §2.1.1).
struct PECheck<Source: DiskSource> {
    let source: Source
    let file: FATVolumeContents.File
    let findings: ImageFindings

    private static var largestHeaders: Int { 64 << 10 }
    private static var efiApplication: UInt16 { 10 }

    func check() throws(DiskReadError) {
        let start = Region(
            place: file.path, offset: file.runs.first?.lowerBound ?? 0,
            bytes: try source.read(Self.largestHeaders, of: file.runs))
        guard let headers = PEHeaders(start), let sections = headers.sections else {
            let found = start.bytes.isEmpty ? "an empty file" : hexDump(start.bytes.prefix(4))
            return findings.report(
                .peSignature, start, at: 0, found: found,
                allowed: "MZ, and PE at the offset in the field at 0x3C")
        }
        let name = file.path.split(separator: "/").last.map { $0.uppercased() } ?? ""
        if let machine = EFILoaderNames.machines[name] {
            findings.expect(.peMachine, start, at: headers.start + 4, is: machine)
        }
        findings.expect(
            .peSubsystem, start, at: headers.optionalHeader + PEHeaders.subsystemOffset,
            is: Self.efiApplication)
        check(sections, of: headers, start)
    }

    /// Every section is in the file and in the image, and the program starts in a code section.
    private func check(_ sections: [PEHeaders.Section], of headers: PEHeaders, _ start: Region) {
        let entryField = headers.optionalHeader + PEHeaders.entryOffset
        let entry: UInt32 = start.number(at: entryField)
        let imageSize: UInt32 = start.number(
            at: headers.optionalHeader + PEHeaders.imageSizeOffset)
        var isEntryCode = false
        for section in sections {
            let isInside =
                section.address + section.memoryByteCount <= UInt64(imageSize)
                && (section.file.isEmpty || UInt64(section.file.upperBound) <= file.byteCount)
            findings.expect(
                isInside, .peSections, start, at: section.entryOffset,
                found: "\(section.file.count) bytes from \(hex(section.file.lowerBound))",
                allowed: "within the file's \(file.byteCount) bytes")
            let length = max(section.memoryByteCount, UInt64(section.file.count))
            if section.isCode,
                (section.address..<section.address + length).contains(UInt64(entry))
            {
                isEntryCode = true
            }
        }
        findings.expect(
            isEntryCode, .peEntry, start, at: entryField, found: hex(entry),
            allowed: "in a code section")
    }
}
