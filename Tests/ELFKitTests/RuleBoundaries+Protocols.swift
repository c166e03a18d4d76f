import ELFKit

@testable import ELFSamples

extension RuleBoundaryTests {
    static let protocols = limine + multiboot + image

    private static let limine: [Boundary] = [
        Boundary(
            .limineMarkers,
            allowed: { $0.addLimine([Limine.start, Limine.request(), Limine.end]) },
            broken: { $0.addLimine([Limine.end, Limine.request(), Limine.start]) }),
        Boundary(
            .limineBaseRevision, allowed: { $0.addLimine([Limine.base(6), Limine.request()]) },
            broken: { $0.addLimine([Limine.base(7), Limine.request()]) }),
        Boundary(
            .limineBaseRevisionDuplicate,
            allowed: { kernel in
                kernel.addLimine([Limine.base(3), Limine.start, Limine.base(3), Limine.request()])
            },
            broken: { kernel in
                kernel.addLimine([Limine.base(3), Limine.base(3), Limine.request()])
            }),
        Boundary(
            .limineRequestDuplicate,
            allowed: { kernel in
                let unknown = Limine.request([1, 1])
                kernel.addLimine([Limine.request(), unknown, unknown])
            },
            broken: { $0.addLimine([Limine.request(), Limine.request(revision: 1)]) }),
        Boundary(.limineSegmentOrder, allowed: { $0.addLimine([Limine.request()]) }) { kernel in
            kernel.addLimine([Limine.request()])
            kernel.segments.swapAt(0, 1)
        },
        Boundary(.limineLowerHalf, allowed: { $0.linkLimine(at: 0xffff_ffff_8000_0000) }) {
            $0.linkLimine(at: 0xffff_ffff_7fff_f000)
        },
        Boundary(.limineMixedHalves, allowed: { $0.addLimine([Limine.request()]) }) { kernel in
            kernel.addLimine([Limine.request()])
            kernel.segments[1].address = 0x10_1280
        },
        Boundary(
            .limineEntryPoint,
            allowed: { kernel in
                kernel.addLimine([Limine.request(Limine.entryPoint, [0xffff_ffff_8010_027f])])
                kernel.entry = 0
            },
            broken: { kernel in
                kernel.addLimine([Limine.request(Limine.entryPoint, [0xffff_ffff_8010_0280])])
            }),
        Boundary(
            .limineOutsideMarkers,
            allowed: { $0.addLimine([Limine.start, Limine.request(), Limine.end]) },
            broken: { $0.addLimine([Limine.start, Limine.end, Limine.request()]) }),
        Boundary(.limineAlignment, allowed: { $0.addLimine([Limine.request()], at: 0x288) }) {
            $0.addLimine([Limine.request()], at: 0x284)
        },
        Boundary(
            .liminePagePermissions,
            allowed: { kernel in
                kernel.addLimine([Limine.request()])
                kernel.segments[0].memoryByteCount = 0xe00
            },
            broken: { kernel in
                kernel.addLimine([Limine.request()])
                kernel.segments[0].memoryByteCount = 0xe01
            }),
        Boundary(
            .limineSection,
            allowed: { kernel in
                kernel.addSection(".limine_reqs")
                kernel.addLimine([Limine.request()])
            },
            broken: { kernel in
                kernel.addSection(".limine_reqs")
                kernel.addLimine([Limine.base(1), Limine.request()])
            }),
    ]

    private static let image: [Boundary] = [
        Boundary(.imageByteOrder, allowed: { $0.makeImage(flags: 0xe) }) {
            $0.makeImage(flags: 1)
        },
        Boundary(.imageSize, allowed: { $0.makeImage(byteCount: 0x400) }) {
            $0.makeImage(byteCount: 0x3ff)
        },
        Boundary(.imageMemory, allowed: { $0.makeImage(textOffset: 1 << 52 - 0x400) }) {
            $0.makeImage(textOffset: 1 << 52 - 0x3ff)
        },
        Boundary(
            .imageEntry,
            allowed: { kernel in
                kernel.linkForMemory(at: 0x4020_0200)
                kernel.entry = 0x4020_027f
            },
            broken: { kernel in
                kernel.linkForMemory(at: 0x4020_0200)
                kernel.entry = 0x4020_0280
            }),
        Boundary(.protocolGuessed, allowed: { $0.linkForMemory(at: 0x3fff_f200) }) {
            $0.linkForMemory(at: 0x4000_0200)
        },
    ]

    private static let multiboot: [Boundary] = [
        Boundary(.multibootFlags, allowed: { $0.addMultiboot(flags: 0xfffe_0007) }) {
            $0.addMultiboot(flags: 8)
        },
        Boundary(.multibootArchitecture, allowed: { $0.addMultiboot2(architecture: 0) }) {
            $0.addMultiboot2(architecture: 4)
        },
        Boundary(.multibootHeaderLength, allowed: { $0.addMultiboot2(byteCount: 24) }) {
            $0.addMultiboot2(byteCount: 23)
        },
        Boundary(
            .multibootTag, allowed: { $0.addMultiboot2([.init(type: 11, flags: 1)]) },
            broken: { $0.addMultiboot2([.init(type: 11)]) }),
        Boundary(
            .multibootTagSize,
            allowed: { $0.addMultiboot2([.init(type: 4, words: [3])]) },
            broken: { $0.addMultiboot2([.init(type: 4, byteCount: 11, words: [3])]) }),
        Boundary(
            .multibootInformation, allowed: { $0.addMultiboot2([.init(type: 1, words: [1, 21])]) },
            broken: { $0.addMultiboot2([.init(type: 1, words: [1, 22])]) }),
        Boundary(
            .multibootEFI32,
            allowed: { $0.addMultiboot2([.init(type: 8, flags: 1, words: [0x10_0200])]) },
            broken: { $0.addMultiboot2([.init(type: 8, words: [0x10_0200])]) }),
        Boundary(
            .multibootAlignment,
            allowed: { $0.addMultiboot2([.init(type: 10, words: [0, .max, 0x20_0000, 1])]) },
            broken: { $0.addMultiboot2([.init(type: 10, words: [0, .max, 0x20_0001, 1])]) }),
        Boundary(
            .multibootAddresses,
            allowed: { $0.addFlatMultiboot(load: 0x10_0280, entry: 0x10_0280) },
            broken: { $0.addFlatMultiboot(load: 0x10_0281, entry: 0x10_0281) }),
        Boundary(.multibootFileShort, allowed: { $0.addFlatMultiboot(loadEnd: 0x10_0400) }) {
            $0.addFlatMultiboot(loadEnd: 0x10_0401)
        },
        Boundary(
            .multibootEntryMissing,
            allowed: { kernel in
                kernel.addMultiboot2([
                    .init(type: 2, words: [0x10_0280, 0x10_0000, 0, 0]),
                    .init(type: 3, words: [0x10_0200]),
                ])
            },
            broken: { kernel in
                kernel.addMultiboot2([.init(type: 2, words: [0x10_0280, 0x10_0000, 0, 0])])
            }),
        Boundary(.multibootEntry, allowed: { $0.addFlatMultiboot(entry: 0x10_07ff) }) {
            $0.addFlatMultiboot(entry: 0x10_0800)
        },
        Boundary(.multibootMemory, allowed: { $0.placeData(at: 0xffff_fd80) }) {
            $0.placeData(at: 0xffff_fd81)
        },
        Boundary(.multibootLowMemory, allowed: { $0.placeData(at: 0x1_0000) }) {
            $0.placeData(at: 0xffff)
        },
        Boundary(
            .multibootHeader, allowed: { $0.addMultiboot(at: 0x284) },
            broken: { $0.addMultiboot(at: 0x282) }),
        Boundary(
            .multibootInformationMissing,
            allowed: { $0.addMultiboot2([.init(type: 1, flags: 1, words: [7])]) },
            broken: { $0.addMultiboot2([.init(type: 1, words: [7])]) }),
        Boundary(
            .multibootRelocations, allowed: { $0.addMultiboot(sectionType: 1) },
            broken: { $0.addMultiboot(sectionType: 9) }),
    ]
}

extension ELFBuilder {
    /// Links a kernel with a request so that its first segment has that address.
    fileprivate mutating func linkLimine(at address: UInt64) {
        addLimine([Limine.request()])
        segments[0].address = address + 0x200
        entry = address + 0x200
    }

    /// Adds a Multiboot header, and places the data at that physical address.
    fileprivate mutating func placeData(at address: UInt64) {
        addMultiboot()
        segments[1].physicalAddress = address
    }

    /// Adds a Multiboot header and a section of that type.
    fileprivate mutating func addMultiboot(sectionType: UInt32) {
        addConfiguration(KernelConfiguration().encoded())
        addCodeSection()
        sections[1] = Section(type: sectionType, offset: 0x400, byteCount: 0)
        addMultiboot()
    }
}
