/// Tells by their names the sections that nobody but a debugger reads.
enum DebuggingSections {
    /// DWARF, compressed or not, gdb's index of it, stabs, and what lldb knows Swift by: each as in
    /// the table of names, where a zero ends a name.
    private static let names = [
        ".debug_", ".zdebug_", ".gdb_index\0", ".stab\0", ".stabstr\0", ".stab.",
        ".swift_ast\0",
    ]

    /// How such a name begins, or that of relocations for such a section.
    private static let beginnings = ["", ".rela", ".rel"].flatMap { prefix in
        names.map { Array((prefix + $0).utf8) }
    }

    /// Whether the name at the start of these bytes is one of theirs.
    static func contain(name: some Collection<UInt8>) -> Bool {
        beginnings.contains { name.starts(with: $0) }
    }
}
