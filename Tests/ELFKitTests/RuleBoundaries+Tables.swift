import ELFKit

@testable import ELFSamples

extension RuleBoundaryTests {
    static let dynamic: [Boundary] = [
        Boundary(.dynamicNeedsLibrary, allowed: { $0.addDynamic([(0, 0)]) }) {
            $0.addDynamic([(1, 0), (0, 0)])
        },
        Boundary(.dynamicUnterminated, allowed: { $0.addDynamic([(5, 0), (0, 0)]) }) {
            $0.addDynamic([(5, 0)])
        },
        Boundary(.dynamicDuplicate, allowed: { $0.addDynamic([(5, 0), (0, 0)]) }) {
            $0.addDynamic([(5, 0), (5, 0), (0, 0)])
        },
        Boundary(
            .dynamicMissing,
            allowed: { $0.addDynamic([(7, 0x101280), (8, 24), (9, 24), (0, 0)]) },
            broken: { $0.addDynamic([(7, 0x101280), (8, 24), (0, 0)]) }),
        Boundary(.dynamicUnsupportedTable, allowed: { $0.addDynamic([(18, 0), (0, 0)]) }) {
            $0.addDynamic([(18, 16), (0, 0)])
        },
        Boundary(.dynamicEncoding, allowed: { $0.addDynamic([(9, 24), (0, 0)]) }) {
            $0.addDynamic([(9, 23), (0, 0)])
        },
        Boundary(
            .dynamicTableSize,
            allowed: { $0.addDynamic([(7, 0x101280), (8, 48), (9, 24), (0, 0)]) },
            broken: { $0.addDynamic([(7, 0x101280), (8, 47), (9, 24), (0, 0)]) }),
        Boundary(
            .dynamicTableNotLoaded,
            allowed: { $0.addDynamic([(7, 0x1013e8), (8, 24), (9, 24), (0, 0)]) },
            broken: { $0.addDynamic([(7, 0x1013e9), (8, 24), (9, 24), (0, 0)]) }),
    ]

    static let relocations: [Boundary] = [
        Boundary(.relocationType, allowed: { $0.addRelocations([(0x101280, 8, 0)]) }) {
            $0.addRelocations([(0x101280, 9, 0)])
        },
        Boundary(.relocationSymbol, allowed: { $0.addRelocations([(0x101280, 8, 0)]) }) {
            $0.addRelocations([(0x101280, 8, 1)])
        },
        Boundary(.relocationTarget, allowed: { $0.addRelocations([(0x1014f8, 8, 0)]) }) {
            $0.addRelocations([(0x1014f9, 8, 0)])
        },
        Boundary(
            .relocationSymbolNotLoaded,
            allowed: { kernel in
                kernel.addSymbol(section: 1)
                kernel.addRelocations([(0x101280, 6, 1)])
            },
            broken: { kernel in
                kernel.addSymbol(section: 1)
                kernel.addRelocations([(0x101280, 6, 2)])
            }),
        Boundary(.relocationSymbolType, allowed: { $0.useSymbol(type: 2) }) {
            $0.useSymbol(type: 6)
        },
        Boundary(.relocationSymbolUndefined, allowed: { $0.useSymbol(section: 1) }) {
            $0.useSymbol(section: 0)
        },
        Boundary(.relocationBitmap, allowed: { $0.addPackedRelocations([0x101280, 3]) }) {
            $0.addPackedRelocations([3])
        },
    ]

    static let configuration: [Boundary] = [
        Boundary(.configDuplicate, allowed: { $0.configure() }) { kernel in
            kernel.configure()
            kernel.sections[2].name = 1
        },
        Boundary(.configOutsideFile, allowed: { $0.configure(at: 0x67b) }) {
            $0.configure(at: 0x67c)
        },
        Boundary(.configSize, allowed: { $0.configure() }) {
            $0.addConfiguration(KernelConfiguration().encoded() + [0])
        },
        Boundary(.configUUID, allowed: { $0.configure(15, 0x3d) }) { $0.configure(15, 0x3c) },
        Boundary(.configVersion, allowed: { $0.configure(18, 11) }) { $0.configure(18, 12) },
        Boundary(.configBeforeKernelBase, allowed: { $0.configure(20, 10) }) { kernel in
            kernel.configure(20, 10)
            kernel.sections[1].byteCount = 124
        },
        Boundary(.configTag, allowed: { $0.configure(87, 1) }) { $0.configure(87, 2) },
        Boundary(.configValue, allowed: { $0.configure(39, 0) }) { $0.configure(39, 1) },
        Boundary(.configStack, allowed: { $0.configure(stack: 512 << 30) }) {
            $0.configure(stack: (512 << 30) + 1)
        },
    ]

    static let requests: [Boundary] = [
        Boundary(.requestsDuplicate, allowed: { $0.request([[1]]) }) { $0.request([[1], [2]]) },
        Boundary(.requestsSize, allowed: { $0.request([[3]]) }) { $0.request([[3, 0]]) },
        Boundary(.requestsUnknown, allowed: { $0.request([[3]]) }) { $0.request([[4]]) },
    ]
}

extension ELFBuilder {
    /// Adds a relocation that uses a symbol.
    fileprivate mutating func useSymbol(type: UInt8 = 0, section: UInt16 = 1) {
        addSymbol(type: type, section: section)
        addRelocations([(0x101280, 6, 1)])
    }

    /// Adds a good configuration, with one byte changed.
    fileprivate mutating func configure(_ offset: Int = 18, _ byte: UInt8 = 11) {
        var bytes = KernelConfiguration().encoded()
        bytes[offset] = byte
        addConfiguration(bytes)
    }

    /// Adds sections of requests, each of these words.
    fileprivate mutating func request(_ sections: [[UInt64]]) {
        addSections(
            sections.map { words in
                NamedSection(name: ".bootimage-requests", bytes: words.flatMap { number($0) })
            })
    }

    fileprivate mutating func configure(stack byteCount: UInt64) {
        var configuration = KernelConfiguration()
        configuration.kernelStackByteCount = byteCount
        addConfiguration(configuration.encoded())
    }

    /// Adds a good configuration close to the end of the file, where the section headers end.
    fileprivate mutating func configure(at offset: UInt64) {
        configure()
        sectionHeaderOffset = 0x540
        contents.append((Int(offset), KernelConfiguration().encoded()))
        sections[1].offset = offset
    }
}
