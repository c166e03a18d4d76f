import CDemangle
import DiskImage
import ELFKit
import HostSystem
import Libc
import SystemPackage

/// Where in a kernel an address is.
package struct CodePlace: Equatable {
    package let address: UInt64
    /// The function, and how far into it; nil where the kernel has no symbol for it.
    package private(set) var function: String?
    /// File and line, where the kernel has debug information and llvm-symbolizer is installed.
    package private(set) var line: String?

    /// Looks an address up; `slide` is by how much the loader moved the kernel.
    init(_ address: UInt64, in kernel: FilePath, movedBy slide: UInt64) {
        self.address = address
        let linked = address &- slide
        guard let descriptor = try? FileDescriptor.openForReading(kernel) else { return }
        defer { try? descriptor.close() }
        let name = try? FunctionName.find(linked, in: descriptor, named: kernel.string)
        guard let name = name ?? nil else { return }
        function = "\(Self.demangled(name.symbol)) + \(Number.hex(name.offset))"
        line = Self.line(of: linked, in: kernel)
    }

    /// The address, function and line at the end of a sentence that may have the address already.
    func ending(_ sentence: String) -> String {
        let number = Number.hex(address)
        let parts = [
            sentence.contains(number) ? nil : "at \(number)", function.map { "in \($0)" },
            line.map { "(\($0))" },
        ].compactMap(\.self)
        return parts.isEmpty ? sentence : "\(sentence), \(parts.joined(separator: " "))"
    }

    private static func demangled(_ symbol: String) -> String {
        guard let name = swift_demangle(symbol, symbol.utf8.count, nil, nil, 0) else {
            return symbol
        }
        defer { free(name) }
        return String(cString: name)
    }

    private static func line(of address: UInt64, in kernel: FilePath) -> String? {
        let arguments = ["--functions=none", "--obj=\(kernel)", Number.hex(address)]
        var lines: [String] = []
        // Without the program, or if it fails, there is no line.
        try? Program("llvm-symbolizer").forEachLine(arguments) { lines.append(String($0)) }
        // FILE:LINE:COLUMN, with question marks and zeroes for what is not known.
        guard let parts = lines.first?.split(separator: ":"), parts.count == 3, parts[1] != "0",
            let file = parts[0].split(separator: "/").last
        else { return nil }
        return "\(file):\(parts[1])"
    }
}
