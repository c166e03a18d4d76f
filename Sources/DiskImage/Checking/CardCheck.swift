/// Checks what the firmware of a Raspberry Pi reads from the root folder of a FAT volume.
struct CardCheck<Source: DiskSource> {
    let source: Source
    let volume: FATVolumeContents
    let findings: ImageFindings

    /// Longer files are cut; the firmware's own examples have a few KiB.
    private static var readByteCount: Int { 64 << 10 }
    /// Settings with which the firmware starts something else, or looks elsewhere.
    private static var otherStarts: [String] { ["include", "os_prefix", "armstub", "tryboot_a_b"] }
    /// Settings that only such a card has.
    private static var marks: [String] { ["kernel", "arm_64bit", "enable_uart"] }

    /// Returns what is there, and reports what is wrong with it; `nil` if the volume is no card.
    func contents() throws(DiskReadError) -> CardContents? {
        guard let file = file(BoardConfiguration.fileName) else { return nil }
        let configuration = BoardConfiguration(try bytes(of: file))
        let names = rootNames
        let isForBoard =
            Self.marks.contains(where: configuration.has)
            || Board.allCases.contains { $0.missingFiles(among: names).isEmpty }
        guard isForBoard else { return nil }
        let commandLine = try self.file(BoardConfiguration.commandLineName).map {
            file throws(DiskReadError) in
            String(decoding: try bytes(of: file).prefix { $0 != 0x0A && $0 != 0 }, as: UTF8.self)
        }
        let card = CardContents(
            configuration: configuration, commandLine: commandLine,
            offers: Board.allCases.map { offer($0, configuration, names) })
        report(card, file)
        return card
    }

    private func offer(
        _ board: Board, _ configuration: BoardConfiguration, _ names: [String]
    ) -> CardContents.Offer {
        var missing = board.missingFiles(among: names)
        if let setting = board.requiredSetting,
            configuration.value(of: setting.name, on: board) != setting.value
        {
            missing.append("\(setting.name)=\(setting.value)")
        }
        let candidates = configuration.value(of: "kernel", on: board).map { [$0] }
        let kernel = (candidates ?? board.defaultKernels).lazy.compactMap(file).first
        return CardContents.Offer(board: board, kernel: kernel, missing: missing)
    }

    private func report(_ card: CardContents, _ file: FATVolumeContents.File) {
        let offset = file.runs.first?.lowerBound ?? volume.offset
        if !Self.otherStarts.contains(where: card.configuration.has) {
            let concerned = card.boards.isEmpty ? Board.allCases : card.boards
            for offer in card.offers where concerned.contains(offer.board) {
                let name = card.configuration.value(of: "kernel", on: offer.board)
                if offer.kernel.map({ $0.byteCount == 0 }) ?? true {
                    findings.report(
                        .cardKernel, file.path, at: offset,
                        found: name.map { "kernel=\($0)" } ?? "no kernel=",
                        allowed: "a file of the card that is not empty")
                    break
                }
            }
        }
        guard card.boards.isEmpty else { return }
        for offer in card.offers {
            findings.report(
                .cardFirmware, "/", at: volume.offset,
                found: offer.missing.map { "no \($0)" }.joined(separator: ", "),
                allowed: "complete for one board, such as \(offer.board.name)")
        }
    }

    private var rootNames: [String] {
        volume.files.map { String($0.path.dropFirst()) }.filter { !$0.contains("/") }
    }

    private func file(_ name: String) -> FATVolumeContents.File? {
        volume.files.first { $0.path.dropFirst().lowercased() == name.lowercased() }
    }

    private func bytes(of file: FATVolumeContents.File) throws(DiskReadError) -> [UInt8] {
        Array(
            try source.read(Self.readByteCount, of: file.runs).prefix(Int(clamping: file.byteCount))
        )
    }
}
