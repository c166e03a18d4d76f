/// The size of a page and of a frame, in bytes.
let pageSize: UInt64 = 4096

extension UInt64 {
    /// The start of the page that holds this address.
    var pageStart: UInt64 { self & ~(pageSize - 1) }

    /// The first page boundary at or above this address, which must lie below 2⁶⁴ − 4095.
    var roundedUpToPage: UInt64 { (self + pageSize - 1) & ~(pageSize - 1) }

    /// How many pages hold this many bytes.
    var pageCount: UInt64 { self / pageSize + (self % pageSize == 0 ? 0 : 1) }

    /// Whether the address has 48 significant bits, sign-extended (Intel SDM 1, section 3.3.7.1).
    var isCanonical: Bool { self < 0x0000_8000_0000_0000 || self >= 0xFFFF_8000_0000_0000 }

    /// Physical memory at this address, which the loader maps one to one.
    var pointer: UnsafeMutableRawPointer {
        guard let pointer = UnsafeMutableRawPointer(bitPattern: UInt(self)) else {
            fatalError("address 0 is never the loader's")
        }
        return pointer
    }
}
