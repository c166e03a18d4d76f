package import ELFKit

/// A kernel that QEMU starts itself, by `-kernel`: no loader, no image.
///
/// QEMU 7.2 decides by the file's first bytes (hw/i386/x86.c, hw/i386/multiboot.c, hw/arm/boot.c).
package struct DirectKernel: Equatable, Sendable {
    /// How QEMU starts the kernel.
    package enum Form: Equatable, Sendable {
        /// By its Multiboot header, in a 32-bit ELF file or with addresses of its own.
        case multiboot
        /// By the note `XEN_ELFNOTE_PHYS32_ENTRY` of an ELF file.
        case pvh
        /// As Linux's bzImage for x86.
        case linux
        /// At the entry point of an ELF file for AArch64.
        case elf
        /// At the start of a flat file for AArch64, with the header of arm64's `Image`.
        case image
        /// The same without a header, so any file may be one.
        case flat
    }

    package let form: Form
    /// The address of the first instruction.
    ///
    /// Addresses are physical; those of flat files for AArch64 are distances from the start of the
    /// machine's memory.
    package let entry: UInt64
    /// What the kernel occupies, by ascending address; empty for Linux, which moves itself.
    package let memory: [Range<UInt64>]
    /// Whether the file is an ELF file, which may have symbols.
    package var isELF = false

    package var architecture: Architecture {
        switch form {
        case .multiboot, .pvh, .linux: .x86_64
        case .elf, .image, .flat: .aarch64
        }
    }

    /// Whether addresses are distances from the start of the machine's memory.
    package var isRelative: Bool { form == .image || form == .flat }
}
