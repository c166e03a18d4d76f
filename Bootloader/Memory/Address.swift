/// The size of a page and of a frame, in bytes.
let pageSize: UInt64 = 4096

/// A number of pages or frames.
struct PageCount {
    let rawValue: UInt64

    init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// How many pages hold this many bytes.
    init(holding byteCount: UInt64) {
        rawValue = byteCount / pageSize + (byteCount % pageSize == 0 ? 0 : 1)
    }

    var byteCount: UInt64 { rawValue * pageSize }
}

/// A place in an address space, in bytes.
///
/// Adding past 2⁶⁴ − 1 traps, except with `&+`.
protocol Address: Comparable {
    var rawValue: UInt64 { get }
    init(_ rawValue: UInt64)
}

/// An address in the machine's memory, which the loader has mapped at this very address.
struct PhysicalAddress: Address {
    let rawValue: UInt64
    init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// An address in the kernel's address space.
struct VirtualAddress: Address {
    let rawValue: UInt64
    init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// An address in the kernel's ELF file: where the linker placed something, before the loader moves
/// the kernel.
struct LinkAddress: Address {
    let rawValue: UInt64
    init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

extension Address {
    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    static func + (address: Self, byteCount: UInt64) -> Self { Self(address.rawValue + byteCount) }

    static func &+ (address: Self, byteCount: UInt64) -> Self {
        Self(address.rawValue &+ byteCount)
    }

    static func - (address: Self, byteCount: UInt64) -> Self { Self(address.rawValue - byteCount) }

    static func - (end: Self, start: Self) -> UInt64 { end.rawValue - start.rawValue }

    /// The start of the page that holds this address.
    var pageStart: Self { roundedDown(to: pageSize) }

    /// The first page boundary at or above this address, which must lie below 2⁶⁴ − 4095.
    var roundedUpToPage: Self { roundedUp(to: pageSize) }

    /// The distance from the page's start, in bytes.
    var offsetInPage: UInt64 { rawValue % pageSize }

    /// The last multiple of `alignment`, a power of two, at or below this address.
    func roundedDown(to alignment: UInt64) -> Self { Self(rawValue & ~(alignment - 1)) }

    /// The first multiple of `alignment`, a power of two, at or above this address.
    func roundedUp(to alignment: UInt64) -> Self {
        Self((rawValue + alignment - 1) & ~(alignment - 1))
    }

    /// The range of this many bytes from here on; nil if it would wrap around.
    func range(byteCount: UInt64) -> Range<Self>? {
        let (end, overflow) = rawValue.addingReportingOverflow(byteCount)
        return overflow ? nil : self..<Self(end)
    }
}

extension Range where Bound: Address {
    var byteCount: UInt64 { upperBound - lowerBound }
}
