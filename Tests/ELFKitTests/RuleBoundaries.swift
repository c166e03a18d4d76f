import ELFKit

@testable import ELFSamples

extension RuleBoundaryTests {
    static let header: [Boundary] = [
        Boundary(.elfEmpty, allowed: { _ in }, broken: { $0.fileByteCount = 0 }),
        Boundary(.elfMagic, allowed: { _ in }, broken: { $0.identification[3] = 0x47 }),
        Boundary(.elfHeaderTruncated, allowed: { _ in }, broken: { $0.fileByteCount = 63 }),
        Boundary(.elfClass, allowed: { $0.identification[4] = 2 }) { $0.identification[4] = 1 },
        Boundary(.elfByteOrder, allowed: { $0.identification[5] = 1 }) {
            $0.identification[5] = 2
        },
        Boundary(.elfVersion, allowed: { $0.version = 1 }, broken: { $0.version = 2 }),
        Boundary(.elfType, allowed: { $0.type = 3 }, broken: { $0.type = 4 }),
        Boundary(.elfMachine, allowed: { $0.machine = 62 }, broken: { $0.machine = 63 }),
        Boundary(.elfEntrySize, allowed: { $0.programHeaderByteCount = 56 }) {
            $0.programHeaderByteCount = 55
        },
        Boundary(.elfProgramHeaderCount, allowed: { $0.addProgramHeaders(upTo: 0xfffe) }) {
            $0.addProgramHeaders(upTo: 0xffff)
        },
        Boundary(.elfSectionHeaderCount, allowed: { $0.countSections(0) }) {
            $0.countSections(1)
        },
        Boundary(
            .elfTableOutsideFile,
            allowed: { kernel in
                kernel.programHeaderOffset = 0x400
                kernel.fileByteCount = 0x400 + 112
            },
            broken: { kernel in
                kernel.programHeaderOffset = 0x400
                kernel.fileByteCount = 0x400 + 111
            }),
        Boundary(.elfSectionNameIndex, allowed: { $0.addNames(at: 2) }) { $0.addNames(at: 3) },
        Boundary(.elfSectionNamesSize, allowed: { $0.addNames(byteCount: 1 << 20) }) {
            $0.addNames(byteCount: (1 << 20) + 1)
        },
        Boundary(
            .elfDebugFile,
            allowed: { kernel in
                kernel.addConfiguration(KernelConfiguration().encoded())
                kernel.addCodeSection()
                kernel.addCodeSection(type: 8)
            },
            broken: { kernel in
                kernel.addConfiguration(KernelConfiguration().encoded())
                kernel.addCodeSection(type: 8)
            }),
    ]

    static let segments: [Boundary] = [
        Boundary(.segmentNone, allowed: { $0.segments.removeLast() }) {
            $0.segments.removeAll()
        },
        Boundary(.linuxProgram, allowed: { $0.addNote("GNU", type: 1, [1, 3, 2, 0]) }) {
            $0.addNote("GNU", type: 1, [0, 3, 2, 0])
        },
        Boundary(.segmentOutsideFile, allowed: { $0.segments[1].fileByteCount = 0x180 }) {
            $0.segments[1].fileByteCount = 0x181
        },
        Boundary(.segmentFileSize, allowed: { $0.segments[1].memoryByteCount = 0x180 }) {
            $0.segments[1].memoryByteCount = 0x17f
        },
        Boundary(.segmentAddressOverflow, allowed: { $0.moveData(to: .max - 0x280) }) {
            $0.moveData(to: .max - 0x27f)
        },
        Boundary(.segmentCanonical, allowed: { $0.moveData(to: 0x7fff_ffff_fd80) }) {
            $0.moveData(to: 0x7fff_ffff_fd81)
        },
        Boundary(.segmentAlignment, allowed: { $0.segments[1].alignment = 2 }) {
            $0.segments[1].alignment = 3
        },
        Boundary(.segmentAlignmentLimit, allowed: { $0.alignData(to: 512 << 30) }) {
            $0.alignData(to: 1024 << 30)
        },
        Boundary(.segmentCongruence, allowed: { $0.segments[1].address = 0x102280 }) {
            $0.segments[1].address = 0x102281
        },
        Boundary(.segmentOverlap, allowed: { $0.moveData(to: 0x100280) }) {
            $0.moveData(to: 0x10027f)
        },
        Boundary(.segmentSpan, allowed: { $0.spread(over: 512 << 30) }) {
            $0.spread(over: (512 << 30) + 1)
        },
        Boundary(.segmentCount, allowed: { $0.addLoads(upTo: 240) }) { $0.addLoads(upTo: 241) },
        Boundary(.segmentMemory, allowed: { $0.needMemory(512 << 30) }) {
            $0.needMemory((512 << 30) + 1)
        },
        Boundary(.segmentDuplicate, allowed: { $0.addTLS() }) {
            $0.addTLS()
            $0.addTLS()
        },
        Boundary(.segmentNotLoaded, allowed: { $0.addRELRO(0x101280..<0x102000) }) {
            $0.addRELRO(0x101280..<0x102001)
        },
        Boundary(.entryExecutable, allowed: { $0.entry = 0x10027f }) { $0.entry = 0x100280 },
        Boundary(.entryPhysical, allowed: { $0.linkHigh(entry: 0xffff_8000_0010_027f) }) {
            $0.linkHigh(entry: 0x10027f)
        },
        Boundary(
            .entryZeroes,
            allowed: { kernel in
                kernel.entry = 0x10027e
                kernel.segments[0].fileByteCount = 0x7f
            },
            broken: { kernel in
                kernel.entry = 0x10027f
                kernel.segments[0].fileByteCount = 0x7f
            }),
    ]

    static let warnings: [Boundary] = [
        Boundary(.segmentWritableCode, allowed: { $0.segments[0].flags = 5 }) {
            $0.segments[0].flags = 7
        },
        Boundary(.segmentNullPage, allowed: { $0.moveData(to: 0x1000) }) {
            $0.moveData(to: 0xfff)
        },
        Boundary(.interpreterUnused, allowed: { $0.addTLS(type: 4) }) { $0.addTLS(type: 3) },
        Boundary(.entryLow, allowed: { $0.moveData(to: 0x7fff_ffff_fd80) }) {
            $0.moveData(to: 0xffff_8000_0000_0000)
        },
        Boundary(.bootProtocol, allowed: { $0.addNote("Xenon", type: 6, [0]) }) {
            $0.addNote("Xen", type: 6, [0])
        },
        Boundary(.debugInformation, allowed: { $0.addDebugInformation(byteCount: 0) }) {
            $0.addDebugInformation(byteCount: 1)
        },
    ]
}

extension ELFBuilder {
    /// Moves the data to an address that may differ from its offset modulo the alignment.
    fileprivate mutating func moveData(to address: UInt64) {
        segments[1].alignment = 1
        segments[1].address = address
    }

    fileprivate mutating func alignData(to alignment: UInt64) {
        type = 3
        segments[1].alignment = alignment
        segments[1].address = 0x280
    }

    fileprivate mutating func spread(over byteCount: UInt64) {
        type = 3
        segments[1].memoryByteCount = byteCount - 0x1080
    }

    /// Adds segments of one byte each, behind the data.
    fileprivate mutating func addLoads(upTo count: Int) {
        programHeaderOffset = 0x400
        fileByteCount = max(fileByteCount, 0x400 + count * 56)
        while segments.count < count {
            var segment = segments[1]
            (segment.fileByteCount, segment.memoryByteCount, segment.alignment) = (0, 1, 1)
            segment.address = 0x200000 + UInt64(segments.count) * 0x2000
            segments.append(segment)
        }
    }

    /// Makes the data so long that all segments together need that much.
    fileprivate mutating func needMemory(_ byteCount: UInt64) {
        segments[1].memoryByteCount = byteCount - segments[0].memoryByteCount
    }

    /// Links the code for the upper half, with the old address as its physical address.
    fileprivate mutating func linkHigh(entry: UInt64) {
        segments[0].physicalAddress = segments[0].address
        segments[0].address = 0xffff_8000_0010_0200
        self.entry = entry
    }

    /// Fills the table with headers of type PT_NULL.
    fileprivate mutating func addProgramHeaders(upTo count: UInt16) {
        programHeaderOffset = 0x400
        programHeaderCount = count
        fileByteCount = 0x400 + Int(count) * 56
    }

    /// Stores the section count in section 0, the only one.
    fileprivate mutating func countSections(_ count: UInt64) {
        sectionHeaderOffset = 0x3c0
        contents.append((0x3e0, number(count)))
    }

    fileprivate mutating func addNames(at index: UInt16) {
        addConfiguration(KernelConfiguration().encoded())
        sectionNameIndex = index
    }

    /// Adds a section `.debug_info`.
    fileprivate mutating func addDebugInformation(byteCount: UInt64) {
        addConfiguration(KernelConfiguration().encoded())
        contents.append((0x620, Array(".debug_info\0".utf8)))
        sections[2].byteCount = 0x40
        sections.append(Section(name: 0x20, offset: 0x500, byteCount: byteCount))
        fileByteCount = 0x740
    }
}
