/// The rules of kernels that start as Linux does on 64-bit ARM, at physical addresses.
enum ImageRules {
    /// Where RAM can be on QEMU's `virt`.
    private static let memoryOfVirt: Range<UInt64> = 1 << 30..<256 << 30

    /// Whether these headers are those of a kernel that is linked to run with the MMU off in the
    /// RAM of QEMU's `virt`.
    static func isLinkedToItsPlace(_ tables: HeaderTables) -> Bool {
        let loads = tables.programHeaders.filter { $0.type == .load }
        return tables.architecture == .aarch64 && tables.kind == .executable && !loads.isEmpty
            && loads.allSatisfy { load in
                load.virtualAddress == load.physicalAddress
                    && memoryOfVirt.contains(load.physicalAddress)
            }
    }

    /// The memory of a flat kernel, above a multiple of 2 MiB.
    static func memoryRange(
        _ header: ImageHeader?, fileByteCount: UInt64
    ) throws(Problem) -> Range<UInt64> {
        if let header, header.flags & 1 != 0 { throw .image(.bigEndian(flags: header.flags)) }
        guard let header, header.imageByteCount != 0 else {
            let start = ImageHeader.formerTextOffset
            return start..<start + fileByteCount
        }
        guard header.imageByteCount >= fileByteCount else {
            throw .image(.size(header.imageByteCount, fileByteCount: fileByteCount))
        }
        let range = Range(
            start: header.textOffset, count: header.imageByteCount, limit: ImageViolation.memoryEnd)
        guard let range else {
            throw .image(
                .tooHigh(nil, address: header.textOffset, byteCount: header.imageByteCount))
        }
        return range
    }
}
