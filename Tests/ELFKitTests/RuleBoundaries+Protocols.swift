import ELFKit

@testable import ELFSamples

extension RuleBoundaryTests {
    static let protocols: [Boundary] = [
        Boundary(
            .multibootAddresses, allowed: { $0.addFlatMultiboot(load: 0x10_0280, entry: 0x10_0280) }
        ) {
            $0.addFlatMultiboot(load: 0x10_0281, entry: 0x10_0281)
        },
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
        Boundary(
            .multibootMemory,
            allowed: { kernel in
                kernel.addMultiboot()
                kernel.segments[1].physicalAddress = 0xffff_fd80
            },
            broken: { kernel in
                kernel.addMultiboot()
                kernel.segments[1].physicalAddress = 0xffff_fd81
            }),
    ]
}
