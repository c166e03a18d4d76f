import CBootInfo

/// A file that the image contains for the kernel, besides the RAM disk.
public struct Module {
    /// The file's bytes, at the start of a page; no page has anything else.
    public let bytes: UnsafeRawBufferPointer
    /// The file's name, in UTF-8.
    public let name: UnsafeRawBufferPointer
    /// What was said about it with `--module FILE=STRING`, in UTF-8; empty by default.
    public let string: UnsafeRawBufferPointer

    init(_ module: boot_module) {
        bytes = UnsafeRawBufferPointer(
            start: UnsafeRawPointer(bitPattern: UInt(module.address)), count: Int(module.length))
        name =
            UnsafeRawBufferPointer(text: module.name)
            ?? UnsafeRawBufferPointer(rebasing: bytes[..<0])
        string =
            UnsafeRawBufferPointer(text: module.string)
            ?? UnsafeRawBufferPointer(rebasing: bytes[..<0])
    }
}

/// The modules, in the order in which they were given.
public struct Modules: RandomAccessCollection {
    private let modules: UnsafeBufferPointer<boot_module>

    init(start: UnsafePointer<boot_module>?, count: Int) {
        modules = UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    /// Always zero.
    public var startIndex: Int { 0 }

    /// The number of modules.
    public var endIndex: Int { modules.count }

    /// The module at that index, in `0..<count`.
    public subscript(position: Int) -> Module { Module(modules[position]) }
}

extension UnsafeRawBufferPointer {
    /// The bytes before the zero that ends the text at an address; nil at address 0.
    init?(text address: UInt64) {
        guard let start = UnsafeRawPointer(bitPattern: UInt(address)) else { return nil }
        var count = 0
        while start.load(fromByteOffset: count, as: UInt8.self) != 0 { count += 1 }
        self.init(start: start, count: count)
    }
}
