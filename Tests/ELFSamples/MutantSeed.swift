import ELFKit

/// A valid kernel that mutants are derived from.
package struct MutantSeed: Sendable {
    let name: String
    package let file: [UInt8]
    /// The structures that are changed: the ELF header, the program headers, then all others.
    let tables: [ELFTable]
    /// Numbers of 32 bits whose sum is 0, the last one being the checksum.
    let sums: [ELFTable]

    init(
        _ name: String, tables: [ELFTable] = [], _ change: (inout ELFBuilder) -> Void
    ) {
        var kernel = ELFBuilder()
        change(&kernel)
        self.name = name
        file = kernel.bytes()
        self.tables = ELFTable.all(of: file) + tables
        sums = []
    }

    /// A kernel that a linker made, of any boot protocol.
    package init(_ name: String, linked file: [UInt8]) {
        (self.name, self.file) = (name, file)
        let headers = ELFTable.multibootHeaders(of: file)
        tables = ELFTable.headers(of: file) + ELFTable.limine(in: file) + headers.flatMap(\.tables)
        sums = headers.map(\.sum)
    }

    /// The kernels that mutants are derived from.
    package enum Family: String, Codable, Sendable {
        /// Kernels of bootimage's own protocol, which break all rules on ELF files.
        case plain
        /// Kernels of Limine, Multiboot and Multiboot2.
        case protocols

        package var seeds: [MutantSeed] { self == .plain ? all : MutantSeed.protocols }
    }

    package static let all = [
        MutantSeed("static") { _ in },
        MutantSeed("higher-half") { kernel in
            let base: UInt64 = 0xffff_ffff_8000_0000
            kernel.entry += base
            for index in kernel.segments.indices { kernel.segments[index].address += base }
        },
        MutantSeed("configured") { $0.addConfiguration(fullConfiguration) },
        MutantSeed("code-section") { kernel in
            kernel.addConfiguration(fullConfiguration)
            kernel.addCodeSection()
        },
        MutantSeed("relative") { kernel in
            kernel.type = 3
            kernel.addRelocations([(0x101280, 8, 0), (0x1014f8, 8, 0), (0, 0, 0)])
        },
        MutantSeed("symbols") { kernel in
            kernel.type = 3
            kernel.addSymbol(section: 1)
            kernel.addRelocations([(0x101280, 1, 1), (0x101288, 6, 1)])
        },
        MutantSeed("calls") { kernel in
            kernel.addSymbol(binding: 2, section: 0)
            kernel.addRelocations([(0x101290, 7, 1)], forCalls: true)
        },
        MutantSeed("packed") { kernel in
            kernel.type = 3
            // The last bit of the last bitmap stands for the segment's last word.
            kernel.addPackedRelocations([0x100200, 0b1011, 0x101280, 0xffff_ffff, 1 << 16 | 1])
        },
        MutantSeed("aarch64") { kernel in
            kernel.machine = 183
            kernel.addSymbol(section: 1)
            kernel.addRelocations([(0x101280, 257, 1), (0x101288, 1025, 1), (0x101290, 1027, 0)])
        },
        MutantSeed("thread-local") { kernel in
            kernel.addTLS()
            kernel.addRELRO(0x101280..<0x102000)
        },
        MutantSeed("note") { $0.addNote("GNU", type: 1, [1, 3, 2, 0]) },
        MutantSeed("everything") { kernel in
            kernel.type = 3
            kernel.addEveryTable()
            kernel.addTLS()
            kernel.addRELRO(0x101280..<0x102000)
            kernel.addConfiguration(fullConfiguration)
        },
    ]

    /// A configuration with every kind of value.
    package static let fullConfiguration: [UInt8] = {
        var configuration = KernelConfiguration()
        configuration.kernelStack = .fixed(0x4000_0000)
        configuration.physicalMemory = .dynamic
        configuration.recursivePageTable = .fixed(0xffff_ff00_0000_0000)
        configuration.dynamicRangeStart = 0x1_0000
        configuration.minimumFramebufferWidth = 640
        return configuration.encoded()
    }()
}
