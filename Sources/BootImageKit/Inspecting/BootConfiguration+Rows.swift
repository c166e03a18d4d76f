import DiskImage
package import ELFKit
package import HostSystem

extension KernelConfiguration {
    /// One wish of the kernel.
    package struct Wish {
        /// The name in `bootloader_api`, as a key.
        package var name: String
        /// In plain words.
        package var text: String
        /// For JSON: an address in hexadecimal, a number, "dynamic"; `nil` for none.
        package var value: JSONValue

        fileprivate init(_ name: String, _ text: String, _ value: JSONValue) {
            (self.name, self.text, self.value) = (name, text, value)
        }
    }

    /// All of them, in the section's order.
    package var rows: [Wish] {
        [
            Wish("version", "bootloader_api \(version)", .string("\(version)")),
            Wish(
                "kernel_stack_size", "\(kernelStackByteCount) bytes",
                .number(kernelStackByteCount)),
            Wish("kernel_stack", kernelStack.text, kernelStack.value),
            Wish("kernel_base", kernelBase.text, kernelBase.value),
            Wish("boot_info", bootInfo.text, bootInfo.value),
            Wish("framebuffer", framebuffer.text, framebuffer.value),
            Wish("physical_memory", physicalMemory.text, physicalMemory.value),
            Wish("page_table_recursive", recursivePageTable.text, recursivePageTable.value),
            Wish("aslr", randomizesAddresses ? "yes" : "no", .bool(randomizesAddresses)),
            Self.limit("dynamic_range_start", dynamicRangeStart),
            Self.limit("dynamic_range_end", dynamicRangeEnd),
            Wish("ramdisk_memory", ramdisk.text, ramdisk.value),
            Self.pixels("minimum_framebuffer_height", minimumFramebufferHeight),
            Self.pixels("minimum_framebuffer_width", minimumFramebufferWidth),
        ]
    }

    private static func limit(_ name: String, _ address: UInt64?) -> Wish {
        guard let address else { return Wish(name, "the loader's choice", .null) }
        return Wish(name, Number.hex(address), .string(Number.hex(address)))
    }

    private static func pixels(_ name: String, _ count: UInt64?) -> Wish {
        guard let count else { return Wish(name, "any", .null) }
        return Wish(name, "\(count) pixels", .number(count))
    }
}

extension KernelConfiguration.Mapping {
    fileprivate var text: String {
        switch self {
        case .dynamic: "at an address of the loader's choice"
        case .fixed(let address): "at \(Number.hex(address))"
        }
    }

    fileprivate var value: JSONValue {
        switch self {
        case .dynamic: .string("dynamic")
        case .fixed(let address): .string(Number.hex(address))
        }
    }
}

extension KernelConfiguration.Mapping? {
    fileprivate var text: String { self?.text ?? "not mapped" }
    fileprivate var value: JSONValue { self?.value ?? .null }
}
