package import DiskImage

/// The content of a device after flashing, and the parts in which it is written.
///
///     head    the first MiB, or all of a shorter image: written last
///     body    the rest of the image
///     …       not written
///     tail    the device's last MiB: zeros, with the backup GPT at the end
///
/// If the image fills the device, the tail is empty. Zeros in the tail erase the traces of another
/// partition table, a RAID or a storage pool.
package struct FlashPlan: Equatable, Sendable {
    package let head: Range<UInt64>
    let body: Range<UInt64>
    package let tail: Range<UInt64>
    /// The differences from the image; later ones override earlier ones.
    package let changes: [GPTMove.Change]

    private static let edge: UInt64 = 1 << 20

    /// Plans for a device that is at least as large as the image.
    package init(
        _ image: some DiskSource, sectorSize: SectorSize, deviceByteCount: UInt64
    ) throws(DiskReadError) {
        let end = image.byteCount.value
        head = 0..<min(Self.edge, end)
        body = head.upperBound..<end
        tail = max(end, deviceByteCount - min(Self.edge, deviceByteCount))..<deviceByteCount
        changes = try GPTMove.changes(
            of: image, sectorSize: sectorSize,
            to: SectorCount(deviceByteCount / sectorSize.byteCount.value))
    }

    /// The number of bytes that are written and compared.
    package var byteCount: UInt64 { UInt64(head.count + body.count + tail.count) }

    package func content(
        _ range: Range<UInt64>, of image: some DiskSource
    ) throws(DiskReadError) -> [UInt8] {
        let end = min(range.upperBound, image.byteCount.value)
        var bytes =
            range.lowerBound < end
            ? try image.read(Int(end - range.lowerBound), at: range.lowerBound) : []
        bytes += repeatElement(0, count: range.count - bytes.count)
        for change in changes {
            let place = change.offset..<change.offset + UInt64(change.bytes.count)
            let common = place.clamped(to: range)
            guard !common.isEmpty else { continue }
            let (from, to) = (
                common.lowerBound - place.lowerBound, common.lowerBound - range.lowerBound
            )
            bytes.replaceSubrange(
                Int(to)..<Int(to) + common.count,
                with: change.bytes[Int(from)..<Int(from) + common.count])
        }
        return bytes
    }
}
