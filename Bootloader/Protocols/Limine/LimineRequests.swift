import CLimine
import CMachine

/// The requests in a kernel's image, and the protocol's revision that it was written for.
struct LimineRequests {
    /// The newest base revision.
    static let newestRevision: UInt64 = 6
    private static let byteCount: UInt64 = 48

    private let image: PhysicalMemory
    /// Where each feature's request starts in the image; nil if the kernel does not ask for it.
    private var offsets = [25 of UInt64?](repeating: nil)
    /// The base revision.
    private(set) var revision: UInt64 = 0

    /// Finds the requests in the file's part of the image, and writes the supported revision to the
    /// kernel's tag.
    init(in kernel: LimineKernel, of file: KernelFile) throws(BootError) {
        image = kernel.contents
        let start = Search.last(.startMarker, in: image) ?? 0
        var search = Search(memory: image, offset: start)
        let end = search.next(.endMarker) ?? image.byteCount
        let area = image[0..<end]
        search = Search(memory: area, offset: start)
        if let tag = search.next(.baseRevision) {
            try agree(on: tag)
            guard search.next(.baseRevision) == nil else {
                throw BootError(.kernel, "two base revisions")
            }
        }
        if revision == 0, let list = try kernel.offset(ofSection: ".limine_reqs", in: file) {
            try addListed(at: list, in: kernel)
            return
        }
        search = Search(memory: area, offset: start)
        while let request = search.next(.request) { try add(request) }
    }

    /// Adds the requests in an array of their addresses, which ends with 0.
    private mutating func addListed(
        at list: UInt64, in kernel: LimineKernel
    ) throws(BootError) {
        var entry = list
        while entry < image.byteCount, image.byteCount - entry >= 8 {
            let address = VirtualAddress(image.load(UInt64.self, at: entry))
            if address.rawValue == 0 { return }
            guard kernel.contains(address) else {
                throw BootError(
                    .kernel, "Limine request is outside the image", found: address.rawValue)
            }
            try add(address - kernel.start)
            entry += 8
        }
    }

    /// Adds the request at an offset, unless the loader does not know its feature.
    private mutating func add(_ request: UInt64) throws(BootError) {
        guard request + Self.byteCount <= image.byteCount,
            let feature = LimineFeature(of: image[request..<request + Self.byteCount])
        else { return }
        guard offsets[feature.index] == nil else {
            throw BootError(
                .kernel, "two Limine requests for the same feature, the second at offset",
                found: request)
        }
        offsets[feature.index] = request
    }

    /// Reads the revision in a tag, and says that the loader supports it.
    private mutating func agree(on tag: UInt64) throws(BootError) {
        guard tag + 24 <= image.byteCount else { return }
        revision = image.load(UInt64.self, at: tag + 16)
        guard revision <= Self.newestRevision else {
            throw BootError(
                .kernel, "Limine base revision is not supported", count: revision,
                allowed: Self.newestRevision)
        }
        image.store(revision, at: tag + 8)
        image.store(UInt64(0), at: tag + 16)
    }

    func contains(_ feature: limine_feature) -> Bool {
        offsets[LimineFeature(feature).index] != nil
    }

    /// A word of the request for a feature, of a revision that has it; nil without such a request.
    @inline(never)
    func word(
        _ feature: limine_feature, at offset: UInt64, since revision: UInt64 = 0
    ) -> UInt64? {
        guard let request = offsets[LimineFeature(feature).index],
            request + offset + 8 <= image.byteCount,
            image.load(UInt64.self, at: request + 32) >= revision
        else { return nil }
        return image.load(UInt64.self, at: request + offset)
    }

    /// The paging mode for the kernel, given the highest one of the processor (0: four levels).
    func pagingMode(highest: UInt64) throws(BootError) -> UInt64 {
        let wanted = word(LIMINE_PAGING_MODE, at: 48) ?? 0
        let most = word(LIMINE_PAGING_MODE, at: 56, since: 1) ?? wanted
        let least = word(LIMINE_PAGING_MODE, at: 64, since: 1) ?? 0
        let mode = min(min(wanted, most), highest)
        guard mode >= least else {
            throw BootError(
                .kernel, "paging mode is not supported", count: least, allowed: highest)
        }
        return mode
    }

    /// Gives the kernel the address of a response.
    @inline(never)
    func answer(_ feature: limine_feature, with response: VirtualAddress) {
        guard let request = offsets[LimineFeature(feature).index] else { return }
        image.store(response.rawValue, at: request + 40)
    }

    /// Whether some segment of a file contains a request: most likely one that is writable.
    static func exist(in file: KernelFile) throws(BootError) -> Bool {
        if try exist(in: file, whereWritable: true) { return true }
        return try exist(in: file, whereWritable: false)
    }

    private static func exist(
        in file: KernelFile, whereWritable isWritable: Bool
    ) throws(BootError) -> Bool {
        var found = false
        try file.forEachSegment(.load) { segment throws(BootError) in
            guard !found, segment.pageFlags.contains(.writable) == isWritable else { return }
            let contents = try file.slice(segment.offset, segment.fileByteCount)
            // Requests are aligned in the kernel's address space.
            let start = (0 &- segment.address.rawValue) % 8
            guard start < contents.byteCount else { return }
            var search = Search(memory: contents[start..<contents.byteCount])
            found = search.next(.request) != nil
        }
        return found
    }

    /// The two words with which a structure starts.
    private struct Magic {
        let first: UInt64
        let second: UInt64

        static var baseRevision: Magic {
            Magic(first: 0xF956_2B2D_5C95_A6C8, second: 0x6A7B_3849_4453_6BDC)
        }
        static var startMarker: Magic {
            Magic(first: 0xF6B8_F4B3_9DE7_D1AE, second: 0xFAB9_1A69_40FC_B9CF)
        }
        static var endMarker: Magic {
            Magic(first: 0xADC0_E053_1BB1_0D03, second: 0x9572_709F_3176_4C62)
        }
        static var request: Magic {
            Magic(first: 0xC7B1_DD30_DF4C_8B88, second: 0x0A82_E883_A194_F07B)
        }
    }

    /// Finds structures, which are at multiples of 8 bytes.
    private struct Search {
        let memory: PhysicalMemory
        var offset: UInt64 = 0

        /// The offset of the next structure of a kind.
        @inline(never)
        mutating func next(_ magic: Magic) -> UInt64? {
            while offset + 16 <= memory.byteCount {
                let rest = memory[offset..<memory.byteCount - 8]
                let word = find_word(magic.first, rest.start.rawValue, rest.byteCount / 8)
                guard word < rest.byteCount / 8 else { break }
                let found = offset + 8 * word
                offset = found + 8
                if memory.load(UInt64.self, at: offset) == magic.second { return found }
            }
            offset = memory.byteCount
            return nil
        }

        /// The offset of the last structure of a kind.
        static func last(_ magic: Magic, in memory: PhysicalMemory) -> UInt64? {
            var count = memory.byteCount / 8
            while count > 1 {
                count = find_last_word(magic.first, memory.start.rawValue, count - 1)
                guard count > 0 else { return nil }
                if memory.load(UInt64.self, at: 8 * count) == magic.second {
                    return 8 * (count - 1)
                }
            }
            return nil
        }
    }
}
