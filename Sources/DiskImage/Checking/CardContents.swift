/// What the firmware of a Raspberry Pi finds on a card, whatever tool wrote it.
public struct CardContents: Equatable, Sendable {
    /// What one board finds.
    public struct Offer: Equatable, Sendable {
        /// The board.
        public let board: Board
        /// The kernel that its firmware would start; `nil` if there is none.
        public let kernel: FATVolumeContents.File?
        /// What its firmware lacks: files, and settings of `config.txt`.
        public let missing: [String]
    }

    /// `config.txt`.
    public let configuration: BoardConfiguration
    /// The kernel's command line, `cmdline.txt`; `nil` without one.
    public let commandLine: String?
    /// What each board finds.
    public let offers: [Offer]

    /// The boards for which nothing is missing.
    public var boards: [Board] { offers.filter { $0.missing.isEmpty }.map(\.board) }

    /// The first kernel that a board finds.
    public var kernel: FATVolumeContents.File? { offers.lazy.compactMap(\.kernel).first }
}
