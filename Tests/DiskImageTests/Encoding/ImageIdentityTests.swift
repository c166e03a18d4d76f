import Testing

@testable import DiskImage

@Suite struct ImageIdentityTests {
    @Test func `every purpose gives another identity`() {
        let purposes = ["disk GUID", "partition GUID", "volume ID", "disk signature", ""]
        #expect(Set(purposes.map { Sample.identity.derive($0).guid }).count == purposes.count)
        #expect(Sample.identity.derive("volume ID") == Sample.identity.derive("volume ID"))
    }

    @Test func `no number is zero`() {
        let nothing = ImageIdentity(0, 0)
        #expect(nothing.nonZeroWord != 0)
        #expect(nothing.guid != .unused)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 100])
    func `every bit of a sample counts`(count: Int) {
        let sample = Sample.noise(count)
        var seen: Set<ImageIdentity> = [identity(of: sample), identity(of: sample + [0])]
        for bit in 0..<(8 * count) {
            var other = sample
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            seen.insert(identity(of: other))
        }
        #expect(seen.count == 8 * count + 2)
    }

    @Test func `order counts`() {
        #expect(identity(of: [1], [2]) != identity(of: [2], [1]))
        #expect(identity(of: [1, 2]) != identity(of: [1], [2]))
    }

    private func identity(of samples: [UInt8]...) -> ImageIdentity {
        var hasher = IdentityHasher()
        for sample in samples { hasher.combine(sample) }
        return hasher.finalize()
    }
}
