/// The boot protocols that a kernel's file asks for, and everything that it asks of them.
public struct KernelProtocols: Equatable, Sendable {
    /// The protocol by which the loader starts the kernel.
    public package(set) var selected: BootProtocol
    /// What asks for a protocol, in the order of ``ProtocolEvidence/Kind``, each kind once.
    public package(set) var evidence: [ProtocolEvidence] = []
    /// What asks for a protocol that the loader does not speak.
    private(set) var foreign: [ProtocolEvidence] = []
    /// What asks for a protocol that the loader speaks, unless the caller selected one.
    private(set) var competing: [ProtocolEvidence] = []
    /// What the kernel asks of Limine.
    public package(set) var limine: LimineRequests?
    /// The header of Multiboot2.
    public let multiboot2: Multiboot2Header?
    /// The header of Multiboot.
    public let multiboot: MultibootHeader?
    /// The header of a flat kernel for 64-bit ARM.
    public let image: ImageHeader?

    /// The number of bytes at a file's start that headers are searched for in, misplaced ones too.
    static let searchedByteCount = UInt64(Multiboot2Header.window) * 2

    /// Reads the headers in the first bytes of a file, whatever its format.
    init(ofFileStartingWith bytes: RawSpan) {
        multiboot2 = Multiboot2Header(inFileStartingWith: bytes)
        multiboot = MultibootHeader(inFileStartingWith: bytes)
        image = ImageHeader(inFileStartingWith: bytes)
        selected = .plain
        add(.multiboot2, at: multiboot2?.offset)
        add(.multiboot, at: multiboot?.offset)
        add(.arm64Image, at: image.map { _ in UInt64(ImageHeader.magicOffset) })
    }

    /// Adds evidence, if there is an offset.
    mutating func add(_ kind: ProtocolEvidence.Kind, at offset: UInt64?) {
        guard let offset else { return }
        evidence.append(ProtocolEvidence(kind: kind, offset: offset))
        let order = ProtocolEvidence.Kind.allCases
        evidence = order.flatMap { kind in evidence.filter { $0.kind == kind } }
    }

    /// Selects that protocol, or by default the first one that the file asks for.
    ///
    /// - Returns: Whether the file asks for it, and the loader for that architecture speaks it.
    mutating func select(_ wanted: BootProtocol?, on architecture: Architecture?) -> Bool {
        let spoken =
            evidence.compactMap(\.kind.bootProtocol)
            .filter { $0.isSpoken(on: architecture) } + [.plain]
        let isSpoken = { (found: ProtocolEvidence) in
            spoken.contains { $0 == found.kind.bootProtocol }
        }
        foreign = evidence.filter { !isSpoken($0) }
        competing = wanted == nil ? evidence.filter(isSpoken) : []
        selected = wanted ?? spoken[0]
        // No file need ask for the state of Linux: there is nothing that it could ask with.
        return spoken.contains(selected)
            || selected == .arm64Image && selected.isSpoken(on: architecture)
    }

    /// Where the selected header places the file's bytes; `nil` if its segments do that.
    var addresses: MultibootAddresses? {
        switch selected {
        case .multiboot2: multiboot2?.addresses
        case .multiboot: multiboot?.addresses
        case .bootloader, .limine, .arm64Image, .plain: nil
        }
    }

    /// The entry point in the selected header for UEFI with boot services.
    var efiEntry: UInt64? {
        selected == .multiboot2 ? multiboot2?.efiEntry.map { UInt64($0) } : nil
    }

    /// The entry point in the selected header; `nil` if the ELF header has it.
    var entry: UInt32? {
        switch selected {
        case .multiboot2: multiboot2?.entry
        case .multiboot: multiboot?.entry
        case .bootloader, .limine, .arm64Image, .plain: nil
        }
    }

    /// The offset of the selected Multiboot header in the file.
    var headerOffset: UInt64? {
        evidence.first { $0.kind.bootProtocol == selected }?.offset
    }
}
