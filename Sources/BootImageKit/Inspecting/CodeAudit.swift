import ELFKit

/// Searches a disassembly for what an interrupt would break.
///
/// It takes the lines that llvm-objdump prints, in AT&T syntax: `ADDRESS <NAME>:` starts a
/// function, `ADDRESS: MNEMONIC OPERANDS` is an instruction.
struct CodeAudit {
    static let nameLimit = 5

    private var function = FunctionAudit(name: "")
    private var functionCount = 0
    private var sse = Offenders()
    private var redZone = Offenders()

    mutating func take(_ line: Substring) {
        if let name = Self.functionName(in: line) {
            endFunction()
            function = FunctionAudit(name: name)
            functionCount += 1
        } else if let instruction = Instruction(line) {
            function.take(instruction)
        }
    }

    var findings: [Finding] {
        var whole = self
        whole.endFunction()
        if functionCount == 0 {
            return [Finding(notSearchedBecause: "the file has no sections with code")]
        }
        return [
            whole.sse.finding(.codeSSE, "uses SSE or AVX registers"),
            whole.redZone.finding(.codeRedZone, "uses the red zone below the stack pointer"),
        ].compactMap { $0 }
    }

    private mutating func endFunction() {
        if function.usesSSE { sse.add(function.name) }
        if function.usesRedZone { redZone.add(function.name) }
    }

    /// The name in `0000000000101160 <name>:`; it may contain any characters.
    private static func functionName(in line: Substring) -> Substring? {
        let digits = line.prefix { $0.isHexDigit }
        let rest = line.dropFirst(digits.count)
        guard digits.count == 16, rest.hasPrefix(" <"), rest.hasSuffix(">:") else { return nil }
        return rest.dropFirst(2).dropLast(2)
    }
}

/// The number of functions that break a rule, and the names of the first few.
private struct Offenders {
    private var count = 0
    private var names: [String] = []

    mutating func add(_ name: Substring) {
        count += 1
        if names.count < CodeAudit.nameLimit { names.append(String(name)) }
    }

    func finding(_ rule: ELFRule, _ use: String) -> Finding? {
        if count == 0 { return nil }
        let list = names.joined(separator: ", ") + (count > names.count ? ", …" : "")
        let found = count == 1 ? "1 function" : "\(count) functions"
        return Finding(
            rule, at: "code", found: found, allowed: "none",
            message: "\(use) in \(found): \(list)")
    }
}
