import BootImageKit
import HostSystem

extension DirectFault {
    /// What is wrong with the file, and what to do.
    var text: String {
        switch self {
        case .empty: "is empty; build the kernel again"
        case .badHeaders(let problem): problem
        case .machine(let number):
            "is for e_machine \(number); --direct starts ELF files for x86 (3 and 62) and AArch64 "
                + "(183)"
        case .multibootIn64Bits:
            "is a 64-bit ELF file with a Multiboot header, which QEMU's -kernel refuses; convert "
                + "it with objcopy -O elf32-i386, or omit --direct"
        case .noEntryForQEMU(let found):
            "has neither a Multiboot header nor a PVH note in a segment, by which QEMU's -kernel "
                + "starts ELF files for x86"
                + (found.isEmpty ? "" : " (found: \(found.joined(separator: ", ")))")
                + "; omit --direct"
        case .badAddresses:
            "the addresses in its Multiboot header contradict each other or its length; correct "
                + "header_addr, load_addr, load_end_addr and bss_end_addr"
        case .badSetup(let sectorCount, let byteCount):
            "setup_sects is \(sectorCount), but the bzImage ends after \(byteCount) bytes; copy it "
                + "again"
        case .noSegments: "has no PT_LOAD segment with memory, so there is nothing to start"
        case .badSegment(let id):
            "\(id): p_offset + p_filesz must be within the file, p_filesz at most p_memsz, and "
                + "p_paddr + p_memsz a 64-bit number; link the kernel again"
        case .overlap(let first, let second):
            "\(first) and \(second) overlap in physical memory (p_paddr), which QEMU refuses; "
                + "correct the linker script"
        case .entryOutside(let entry):
            "the entry point \(Number.hex(entry)) is in no loaded segment; set it with ENTRY in "
                + "the linker script"
        }
    }
}
