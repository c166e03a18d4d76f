/// A broken rule of the boot protocol by which the loader starts a kernel.
public enum ProtocolViolation: Equatable, Sendable {
    /// The file does not ask for the protocol that the caller selected.
    case notSupported(BootProtocol, Architecture?)
    /// The header's addresses contradict each other or the header's place in the file.
    case addresses(MultibootAddresses, headerOffset: UInt64)
    /// The file ends before the bytes that the header's addresses locate.
    case fileTooShort(end: UInt64, fileByteCount: UInt64)
    /// The header has addresses, and no entry point.
    case entryMissing
    /// The entry point is not within the loaded bytes.
    case entryOutside(UInt64)
    /// A segment does not end at or below 4 GiB of physical memory; `nil` for the header's bytes.
    case aboveFourGiB(SegmentID?, address: UInt64, byteCount: UInt64)
}
