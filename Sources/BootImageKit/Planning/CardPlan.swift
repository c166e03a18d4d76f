package import DiskImage
import SystemPackage

/// A card for a board, whose firmware starts the kernel itself: a pure value.
package struct CardPlan: Equatable, Sendable {
    package var board: Board
    /// The folder with the vendor's boot files; nil if the card is written without them.
    var firmwareDirectory: FilePath?
    /// `config.txt`.
    var configuration: BoardConfiguration

    /// The kernel's file in the card's root folder.
    static let kernelName = "kernel8.img"
    static let ramdiskName = "ramdisk"
    /// The names that the user's own files cannot have.
    static let reservedNames = [
        BoardConfiguration.fileName, BoardConfiguration.commandLineName, kernelName, ramdiskName,
    ]

    /// Nil if the options name no board; throws for options that a card does not have.
    init?(_ options: BuildOptions) throws(PlanError) {
        guard let board = options.board else {
            guard options.firmwareDirectory == nil, !options.omitsFirmware else { throw .noBoard }
            return nil
        }
        if let conflict = Self.conflict(in: options) { throw .notForBoard(board, conflict) }
        if options.firmwareDirectory == nil, !options.omitsFirmware {
            throw .noBoardFirmware(board)
        }
        if options.firmwareDirectory != nil, options.omitsFirmware { throw .boardFirmwareTwice }
        let bad = options.boardConfiguration.first {
            $0.hasControlCharacters || $0.utf8.count > BoardConfiguration.lineLimit
        }
        if let bad { throw .badBoardLine(bad) }
        self.board = board
        firmwareDirectory = options.firmwareDirectory
        let ramdisk =
            options.content.ramdisk == nil ? [] : ["initramfs \(Self.ramdiskName) followkernel"]
        configuration = BoardConfiguration(
            lines: ["# \(board.name)", "arm_64bit=1", "kernel=\(Self.kernelName)", "enable_uart=1"]
                + (board.requiredSetting.map { ["\($0.name)=\($0.value)"] } ?? [])
                + ramdisk + options.boardConfiguration)
    }

    private static func conflict(in options: BuildOptions) -> PlanError.BoardConflict? {
        let content = options.content
        let given: [(Bool, PlanError.BoardConflict)] = [
            (!options.kinds.isEmpty, .firmware),
            (options.formats.contains(.iso), .disc),
            (options.pxeDirectory != nil, .networkFolder),
            (!content.otherKernels.isEmpty, .secondKernel),
            (options.sectorSize.map { $0 != .bytes512 } ?? false, .sectorSize),
            (options.espFAT != nil, .fatType),
            (options.espSize != nil, .espSize),
            (options.activeProtectiveMBR, .activeEntry),
            (!options.partitions.isEmpty, .partitions),
            (options.signKey != nil || options.signCertificate != nil, .signature),
            (options.secureBootKeys != nil, .secureBoot),
            (options.buildNumber != nil, .buildNumber),
            (content.bootConfiguration != nil, .loaderSettings),
            (!content.modules.isEmpty, .modules),
            (content.bootProtocol != nil, .bootProtocol),
            (content.keepsDebugInfo, .debugInformation),
        ]
        return given.first { $0.0 }?.1
    }
}
