package import ELFKit
import HostSystem

extension KernelConfiguration {
    /// One field of the section, for a report.
    package struct Property {
        /// The name in `bootloader_api`, as a key.
        package let name: String
        /// The value in words.
        package let text: String
        /// The value for programs: an address in hexadecimal, a number, "dynamic"; `nil` if unset.
        let value: (any Encodable)?

        fileprivate init(_ name: String, _ text: String, _ value: (any Encodable)?) {
            (self.name, self.text, self.value) = (name, text, value)
        }

        fileprivate init(_ name: String, _ mapping: Mapping?) {
            switch mapping {
            case .dynamic: self.init(name, "at an address that the loader chooses", "dynamic")
            case .fixed(let address):
                self.init(name, "at \(Number.hex(address))", Number.hex(address))
            case nil: self.init(name, "not mapped", nil)
            }
        }

        fileprivate init(_ name: String, limit: UInt64?) {
            let address = limit.map(Number.hex)
            self.init(name, address ?? "chosen by the loader", address)
        }

        fileprivate init(_ name: String, pixels: UInt64?) {
            self.init(name, pixels.map { "\($0) pixels" } ?? "any", pixels)
        }
    }

    /// All fields, in the section's order.
    package var properties: [Property] {
        [
            Property("version", "bootloader_api \(version)", "\(version)"),
            Property("kernel_stack_size", "\(kernelStackByteCount) bytes", kernelStackByteCount),
            Property("kernel_stack", kernelStack),
            Property("kernel_base", kernelBase),
            Property("boot_info", bootInfo),
            Property("framebuffer", framebuffer),
            Property("physical_memory", physicalMemory),
            Property("page_table_recursive", recursivePageTable),
            Property("aslr", randomizesAddresses ? "yes" : "no", randomizesAddresses),
            Property("dynamic_range_start", limit: dynamicRangeStart),
            Property("dynamic_range_end", limit: dynamicRangeEnd),
            Property("ramdisk_memory", ramdisk),
            Property("minimum_framebuffer_height", pixels: minimumFramebufferHeight),
            Property("minimum_framebuffer_width", pixels: minimumFramebufferWidth),
        ]
    }
}
