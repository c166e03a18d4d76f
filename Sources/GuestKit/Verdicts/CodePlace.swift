import CDemangle
import DiskImage
import ELFKit
import HostSystem
import Libc
import SystemPackage

/// A place in a kernel's code.
public struct CodePlace: Equatable, Sendable {
    /// The virtual address.
    public let address: UInt64
    /// The function and the offset in it, as `name + 0x12`; nil without a symbol.
    public private(set) var function: String?
    /// File and line, as `main.c:12`; nil without debug information or llvm-symbolizer.
    public private(set) var line: String?

    /// Looks up an address; `slide` is the distance by which the loader moved the kernel.
    init(_ address: UInt64, in kernel: FilePath, movedBy slide: UInt64) {
        self.address = address
        let linked = address &- slide
        guard let descriptor = try? FileDescriptor.openForReading(kernel) else { return }
        defer { try? descriptor.close() }
        guard let name = try? FunctionName.find(linked, in: descriptor, named: kernel.text)
        else { return }
        function = "\(Self.demangled(name.symbol)) + \(Number.hex(name.offset))"
        line = Self.line(of: linked, in: kernel)
    }

    /// Appends address, function and line to a sentence, unless it already has the address.
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
            return RustV0Name(symbol)?.text ?? RustName(symbol)?.text ?? symbol
        }
        defer { free(name) }
        return String(cString: name)
    }

    private static func line(of address: UInt64, in kernel: FilePath) -> String? {
        let arguments = ["--functions=none", "--obj=\(kernel)", Number.hex(address)]
        var lines: [String] = []
        // Without the program, or if it fails, the line is unknown.
        try? Program("llvm-symbolizer").forEachLine(arguments) { lines.append(String($0)) }
        // FILE:LINE:COLUMN, with question marks and zeros for unknown parts.
        guard let parts = lines.first?.split(separator: ":"), parts.count == 3, parts[1] != "0",
            let file = parts[0].split(separator: "/").last
        else { return nil }
        return "\(file):\(parts[1])"
    }
}
