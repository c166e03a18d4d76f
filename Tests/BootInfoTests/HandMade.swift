import BootInfo
import CBootInfo

extension UInt32 {
    /// The tag of a present optional.
    static let some: UInt32 = 0
    /// The tag of an absent optional.
    static let none: UInt32 = 1
}

extension boot_info {
    /// Boot info in which every optional is absent but has a value that is not 0.
    static var nothing: boot_info {
        var info = boot_info()
        info.framebuffer.tag = .none
        info.framebuffer.value.buffer_start = 0xA0000
        info.physical_memory_offset = .init(tag: .none, reserved: 0, value: 1)
        info.recursive_index = .init(tag: .none, value: 1, reserved: 0)
        info.rsdp_address = .init(tag: .none, reserved: 0, value: 1)
        info.tls_template.tag = .none
        info.tls_template.value.start_address = 1
        info.ramdisk_address = .init(tag: .none, reserved: 0, value: 1)
        info.ramdisk_length = 1
        return info
    }
}

/// Calls `body` with the view that a kernel has of boot info.
func withView<Result>(
    of info: boot_info, _ body: (BootInfo) throws -> Result
) rethrows -> Result {
    try withUnsafePointer(to: info) { try body(BootInfo($0)) }
}

/// Returns the address of a buffer, as the loader stores it.
func address(of buffer: UnsafeRawBufferPointer) -> UInt64 {
    UInt64(UInt(bitPattern: buffer.baseAddress))
}
