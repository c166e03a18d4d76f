/// What a kernel requests beyond the boot contract: its section `.bootimage-requests`.
public struct KernelRequests: OptionSet, Sendable {
    /// The section as a little-endian number.
    public let rawValue: UInt64

    /// All processors, each parked until the kernel starts it.
    public static let processors = KernelRequests(rawValue: 1 << 0)
    /// The frequency of the time stamp counter, measured if the processor does not state it.
    public static let counterFrequency = KernelRequests(rawValue: 1 << 1)

    /// Size of the section in bytes.
    static let byteCount: UInt64 = 8
    static let all: KernelRequests = [.processors, .counterFrequency]

    /// The requests with that number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Their names, the lowest bit first.
    public var names: [String] {
        [(Self.processors, "processors"), (.counterFrequency, "counter frequency")]
            .filter { contains($0.0) }.map(\.1)
    }
}
