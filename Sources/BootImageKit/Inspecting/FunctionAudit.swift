struct Instruction: Equatable {
    var mnemonic: Substring
    /// In AT&T order, the destination last, without the disassembler's comments.
    var operands: Substring

    /// Parses a line such as `  101160: pushq %rbp`; blanks and tabs are equivalent.
    init?(_ line: Substring) {
        let trimmed = line.drop { $0 == " " }
        let digits = trimmed.prefix { $0.isHexDigit }
        let rest = trimmed.dropFirst(digits.count)
        guard !digits.isEmpty, rest.first == ":" else { return nil }
        let code = rest.dropFirst().prefix { $0 != "#" }
        let words = code.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
        guard let first = words.first else { return nil }
        mnemonic = first
        operands = words.count > 1 ? words[1] : ""
    }

    /// The number in `$-128, %rsp` or `$0x20, %rsp`.
    var immediate: Int64? {
        guard operands.first == "$" else { return nil }
        return Self.number(operands.dropFirst().prefix { $0 != "," })
    }

    /// The displacement from a register in the memory operand, such as -16 in `-16(%rbp)`.
    func displacement(from register: String) -> Int64? {
        guard let parenthesis = operands.lastIndex(of: "(") else { return nil }
        let base = operands[parenthesis...].dropFirst().prefix { $0 != ")" && $0 != "," }
        guard base == "%" + register else { return nil }
        let start = operands[..<parenthesis].lastIndex { ", *:".contains($0) }
        let number = operands[(start.map(operands.index(after:)) ?? operands.startIndex)...]
        return Self.number(number.prefix { $0 != "(" }) ?? 0
    }

    private static func number(_ text: Substring) -> Int64? {
        let isNegative = text.first == "-"
        let digits = isNegative ? text.dropFirst() : text
        let magnitude =
            digits.hasPrefix("0x") ? Int64(digits.dropFirst(2), radix: 16) : Int64(digits)
        return magnitude.map { isNegative ? -$0 : $0 }
    }
}

/// Whether one function uses SSE registers or the red zone.
///
/// Compilers keep data below the stack pointer only in leaf functions: at negative offsets from
/// %rsp, or from %rbp beyond the distance by which the function has moved the stack pointer.
struct FunctionAudit {
    let name: Substring
    private(set) var usesSSE = false
    private var isLeaf = true
    private var reachesBelowStack = false
    /// Distance from the frame pointer down to the stack pointer in bytes; `nil` if unknown.
    private var frameByteCount: Int64?

    /// Without symbols a whole section looks like one function, so calls in it prove nothing.
    var usesRedZone: Bool { reachesBelowStack && (isLeaf || name.hasPrefix(".")) }

    init(name: Substring) { self.name = name }

    mutating func take(_ instruction: Instruction) {
        let operands = instruction.operands
        if operands.contains("%xmm") || operands.contains("%ymm") || operands.contains("%zmm") {
            usesSSE = true
        }
        if instruction.mnemonic.hasPrefix("call") { isLeaf = false }
        if !instruction.mnemonic.hasPrefix("lea"), isBelowStack(instruction) {
            reachesBelowStack = true
        }
        follow(instruction)
    }

    private func isBelowStack(_ instruction: Instruction) -> Bool {
        if let offset = instruction.displacement(from: "rsp"), offset < 0 { return true }
        guard let frameByteCount, let offset = instruction.displacement(from: "rbp") else {
            return false
        }
        return offset < 0 && -offset > frameByteCount
    }

    /// Tracks the stack pointer; an instruction that cannot be tracked makes it unknown.
    private mutating func follow(_ instruction: Instruction) {
        let mnemonic = instruction.mnemonic
        if mnemonic.hasPrefix("mov"), instruction.operands == "%rsp, %rbp" {
            frameByteCount = 0
        } else if mnemonic.hasPrefix("push") {
            frameByteCount? += 8
        } else if instruction.operands.hasSuffix(", %rsp") {
            guard let count = instruction.immediate else { return frameByteCount = nil }
            if mnemonic.hasPrefix("sub") {
                frameByteCount? += count
            } else if mnemonic.hasPrefix("add"), count < 0 {
                frameByteCount? -= count
            } else if !mnemonic.hasPrefix("add") {
                frameByteCount = nil
            }
        } else if instruction.operands.hasSuffix("%rbp"), !mnemonic.hasPrefix("pop") {
            frameByteCount = nil
        }
    }
}
