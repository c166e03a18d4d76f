/// What a file of Swift declares for others, and what it names: enough to see which folder uses
/// which, without a compiler.
struct SwiftCode {
    /// Types, functions and constants at file scope.
    private(set) var declarations: Set<Substring> = []
    /// Members that extensions add to types of any file.
    private(set) var extensionMembers: Set<Substring> = []
    /// Members in the bodies of types.
    private(set) var members: Set<Substring> = []
    /// Every identifier; members with the dot before them.
    private(set) var names: Set<Substring> = []
    /// The text of string literals, each on its own line of the file; the other lines are empty.
    private(set) var literals = ""

    /// The files under Sources and Bootloader by their paths, each read once.
    static let ofProject = Dictionary(
        uniqueKeysWithValues: SourceFile.all.filter {
            $0.isIn("Sources", "Bootloader") && $0.isWritten(in: "swift")
        }.map { ($0.path, SwiftCode($0)) })

    private static let keywords: Set<Substring> = [
        "struct", "enum", "class", "actor", "protocol", "typealias", "func", "let", "var",
    ]
    private static let hidden: Set<Substring> = ["private", "fileprivate"]

    init(_ file: SourceFile) {
        let (code, literals) = Self.separated(file.text)
        self.literals = literals
        var isInExtension = false
        for line in code.split(separator: "\n", omittingEmptySubsequences: false) {
            let indentation = line.prefix { $0 == " " }.count
            if indentation == 0, !line.isEmpty, line != "}", !line.hasPrefix(")") {
                isInExtension = line.split(separator: " ").contains("extension")
            }
            guard indentation == 0 || indentation == 4, let name = Self.declaredName(line) else {
                continue
            }
            if indentation == 0 {
                declarations.insert(name)
            } else if isInExtension {
                extensionMembers.insert(name)
            } else {
                members.insert(name)
            }
        }
        names = Self.identifiers(in: code[...])
    }

    /// The name that a line declares for other files.
    private static func declaredName(_ line: Substring) -> Substring? {
        let words = line.split { " (:<{=,".contains($0) }
        guard let index = words.firstIndex(where: keywords.contains),
            index + 1 < words.count, hidden.isDisjoint(with: words[..<index]),
            words[..<index].allSatisfy({ $0.first?.isLowercase == true || $0.hasPrefix("@") })
        else { return nil }
        return words[index + 1]
    }

    private static func identifiers(in code: Substring) -> Set<Substring> {
        var names: Set<Substring> = []
        var rest = code
        while let start = rest.firstIndex(where: isIdentifier) {
            let name = rest[start...].prefix(while: isIdentifier)
            let isMember = start > code.startIndex && code[code.index(before: start)] == "."
            names.insert(isMember ? code[code.index(before: start)..<name.endIndex] : name)
            rest = code[name.endIndex...]
        }
        return names
    }

    private static func isIdentifier(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    /// The code with its interpolations, and the text of string literals; comments are in neither.
    private static func separated(_ text: String) -> (code: String, literals: String) {
        var (code, literals) = ("", "")
        // The parentheses that are open in each interpolation around this place.
        var depths: [Int] = []
        var isInString = false
        var rest = text[...]
        while let character = rest.first {
            if isInString {
                if rest.hasPrefix("\\(") {
                    depths.append(0)
                    isInString = false
                    code += " "
                    rest = rest.dropFirst(2)
                } else if character == "\\" {
                    // An escape sequence, or a line end that the literal leaves out.
                    if rest.hasPrefix("\\\n") {
                        code += "\n"
                        literals += "\n"
                    }
                    rest = rest.dropFirst(2)
                } else {
                    isInString = character != "\""
                    literals.append(isInString ? character : " ")
                    if character == "\n" { code += "\n" }
                    rest.removeFirst()
                }
                continue
            }
            if rest.hasPrefix("//") {
                rest = rest.drop { $0 != "\n" }
                continue
            }
            if rest.hasPrefix("\"\"\"") { rest = rest.dropFirst(2) }
            switch character {
            case "\"": isInString = true
            case "(": if let last = depths.indices.last { depths[last] += 1 }
            case ")":
                if depths.last == 0 {
                    depths.removeLast()
                    isInString = true
                    rest.removeFirst()
                    continue
                }
                if let last = depths.indices.last { depths[last] -= 1 }
            default: break
            }
            if !isInString { code.append(character) }
            if character == "\n" { literals.append("\n") }
            rest.removeFirst()
        }
        return (code, literals)
    }
}
