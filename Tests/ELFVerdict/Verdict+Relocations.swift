extension Verdict {
    /// psABIs, "Relocation": NONE, 64 or ABS64, GLOB_DAT, JUMP_SLOT and RELATIVE.
    mutating func judgeRelocations(at table: Int128, count: Int128, symbols: Int128?) {
        for index in 0..<count {
            let place = table + index * 24
            guard let target = file.number(place, 8), let type = file.number(place + 8, 4),
                let symbol = file.number(place + 12, 4)
            else { return }
            relocationCount += 1
            switch (type, isAArch64) {
            case (0, _): break
            case (1, false), (6, false), (7, false), (257, true), (1025, true), (1026, true):
                judgeTarget(target)
                judgeSymbol(symbol, of: symbols)
            case (8, false), (1027, true):
                judgeTarget(target)
                require(symbol == 0, "relocation-symbol")
            default: brokenRules.insert("relocation-type")
            }
        }
    }

    /// gABI, "Relative Relocation Table": an address, or a bitmap of the 63 words that follow.
    mutating func judgePackedRelocations(at table: Int128, count: Int128) {
        var next: Int128?
        for index in 0..<count {
            guard let entry = file.number(table + index * 8, 8) else { return }
            if entry.isMultiple(of: 2) {
                relocationCount += 1
                judgeTarget(entry)
                next = entry + 8
                continue
            }
            guard let start = next else {
                brokenRules.insert("relocation-bitmap")
                return
            }
            for bit in 1...63 where entry >> bit & 1 == 1 {
                relocationCount += 1
                judgeTarget((start + Int128(bit - 1) * 8) % addressLimit)
            }
            next = start + 63 * 8
        }
    }

    /// A relocation changes 8 bytes within one segment.
    private mutating func judgeTarget(_ address: Int128) {
        require(loads.contains { $0.hasMemory(at: address, 8) }, "relocation-target")
    }

    /// gABI, "Symbol Table": the symbol exists and has a known address.
    ///
    /// In the gABI, index 0 stands for the value 0. The loader reads its entry like any other,
    /// finds it undefined and not weak, and refuses it; so does this.
    private mutating func judgeSymbol(_ index: Int128, of table: Int128?) {
        guard let table else {
            brokenRules.insert("dynamic-missing")
            return
        }
        let place = loads.compactMap { $0.place(of: table + index * 24, 24) }.first
        guard let place, let info = file.number(place + 4, 1),
            let section = file.number(place + 6, 2)
        else {
            brokenRules.insert("relocation-symbol-not-loaded")
            return
        }
        let (binding, type) = (info / 16, info % 16)
        require(type != 6 && type != 10, "relocation-symbol-type")
        require(section != 0 || binding == 2, "relocation-symbol-undefined")
    }
}
