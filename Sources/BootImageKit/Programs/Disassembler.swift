import HostSystem
import SystemPackage

/// llvm-objdump as a program on this machine: what it prints, line by line.
enum Disassembler {
    /// Disassembles the executable sections of a file, from its descriptor: so no name can be taken
    /// for an option.
    ///
    /// Lines are handed out as they come: memory does not grow with the kernel.
    static func forEachLine(
        of file: FileDescriptor, _ body: (Substring) -> Void
    ) throws(ProgramError) {
        var program = try Program("llvm-objdump")
        program.input = file
        try program.forEachLine(["-d", "--no-show-raw-insn", "-"], body)
    }
}
