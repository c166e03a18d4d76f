extension Verdict {
    /// gABI, "Sections": the table is within the file; the loader reads one section.
    mutating func judgeSections() {
        let (table, count) = (file.header(40, 8), file.header(60, 2))
        guard table != 0 else { return }
        guard count != 0 else {
            // Then section 0 may contain the count, if there is one.
            let isThere = table + 64 <= file.byteCount
            let sectionCount = isThere ? file.number(table + 32, 8) : nil
            return require(sectionCount ?? 0 == 0, "elf-section-header-count")
        }
        require(file.header(58, 2) == 64, "elf-entry-size")
        let end = table + count * file.header(58, 2)
        require(end <= file.byteCount, "elf-table-outside-file")
        guard file.header(58, 2) == 64, end <= file.byteCount else { return }
        let headers = (0..<count).map { table + $0 * 64 }
        judgeCode(among: headers)
        judgeConfiguration(among: headers)
    }

    /// A kernel has bytes of code: not every section with SHF_ALLOC and SHF_EXECINSTR is
    /// SHT_NOBITS.
    private mutating func judgeCode(among headers: [Int128]) {
        let types = headers.filter {
            (file.number($0 + 8, 8) ?? 0) & 6 == 6 && file.number($0 + 32, 8) != 0
        }.map { file.number($0 + 4, 4) }
        require(types.isEmpty || types.contains { $0 != 8 }, "elf-debug-file")
    }

    /// Finds the section by its name; without section names there is none.
    private mutating func judgeConfiguration(among headers: [Int128]) {
        let index = file.header(62, 2)
        guard index != 0 else { return }
        guard index < headers.count else {
            brokenRules.insert("elf-section-name-index")
            return
        }
        guard let names = file.number(headers[Int(index)] + 24, 8),
            let byteCount = file.number(headers[Int(index)] + 32, 8)
        else { return }
        require(names + byteCount <= file.byteCount, "elf-table-outside-file")
        require(byteCount <= 1 << 20, "elf-section-names-size")
        func named(_ name: String) -> [Int128] {
            headers.filter {
                holds(name + "\0", at: file.number($0, 4) ?? 0, names, byteCount)
            }
        }
        let configurations = named(".bootloader-config")
        require(configurations.count <= 1, "config-duplicate")
        if let header = configurations.first { judgeConfiguration(header) }
        let requests = named(".bootimage-requests")
        require(requests.count <= 1, "requests-duplicate")
        if let header = requests.first { judgeRequests(header) }
    }

    /// Whether a name is at that offset of the names.
    private func holds(
        _ name: String, at offset: Int128, _ names: Int128, _ byteCount: Int128
    ) -> Bool {
        let wanted = Array(name.utf8)
        guard offset + Int128(wanted.count) <= byteCount else { return false }
        return wanted.indices.allSatisfy {
            file.number(names + offset + Int128($0), 1) == Int128(wanted[$0])
        }
    }

    private mutating func judgeRequests(_ header: Int128) {
        guard let type = file.number(header + 4, 4), let offset = file.number(header + 24, 8),
            let byteCount = file.number(header + 32, 8)
        else { return }
        guard type != 8, byteCount == 8, let requests = file.number(offset, 8) else {
            return require(false, "requests-size")
        }
        require(requests <= 3, "requests-unknown")
    }

    private mutating func judgeConfiguration(_ header: Int128) {
        guard let type = file.number(header + 4, 4), let offset = file.number(header + 24, 8),
            let size = file.number(header + 32, 8)
        else { return }
        // SHT_NOBITS has no bytes in the file.
        let byteCount = type == 8 ? 0 : size
        require(offset + byteCount <= file.byteCount, "config-outside-file")
        guard offset + byteCount <= file.byteCount else { return }
        let isOld = judgeConfigurationStart(at: offset, byteCount: byteCount)
        guard !isOld else { return }
        require(byteCount == 133, "config-size")
        if byteCount == 133 { judgeConfigurationFields(at: offset) }
    }

    /// UUID and version; returns whether the section precedes 0.11.11 and lacks `kernel_base`.
    private mutating func judgeConfigurationStart(at offset: Int128, byteCount: Int128) -> Bool {
        guard byteCount >= 23, let uuidStart = file.number(offset, 8),
            let uuidEnd = file.number(offset + 8, 8),
            let major = file.number(offset + 16, 2), let minor = file.number(offset + 18, 2),
            let patch = file.number(offset + 20, 2), let preRelease = file.number(offset + 22, 1)
        else { return false }
        require(
            uuidStart == 0xa046_3609_61a9_3c74 && uuidEnd == 0x3d25_1589_155c_55bb, "config-uuid")
        require(preRelease <= 1, "config-tag")
        require(major == 0 && minor == 11, "config-version")
        let isOld = byteCount == 124 && patch < 11
        require(!isOld, "config-before-kernel-base")
        return isOld
    }

    /// The tags in the boot contract's table of offsets, and the values that must be 0 if they are.
    private mutating func judgeConfigurationFields(at section: Int128) {
        require((file.number(section + 23, 8) ?? 0) <= 512 << 30, "config-stack")
        for tag: Int128 in [31, 40, 49, 58, 68, 78, 88, 97, 106, 115, 124] {
            judgeTag(at: section + tag, payload: 8)
        }
        for tag: Int128 in [67, 77] { judgeTag(at: section + tag, payload: 9) }
        judgeTag(at: section + 87, payload: 0)
    }

    private mutating func judgeTag(at place: Int128, payload: Int128) {
        let tag = file.number(place, 1)
        require(tag == 0 || tag == 1, "config-tag")
        let payload = (0..<payload).map { file.number(place + 1 + $0, 1) }
        require(tag != 0 || payload.allSatisfy { $0 == 0 }, "config-value")
    }
}
