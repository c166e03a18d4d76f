extension Rule {
    static let all =
        shape + constructs + language

    private static let shape = [
        Rule(
            "a line of code has at most 100 characters",
            brokenBy: String(repeating: "x", count: 101)
        ) { file in
            guard file.isWritten(in: "swift", "c", "h", "S") else { return [] }
            return file.places { $0.count > 100 }
        },
        Rule(
            "a file of code has at most 400 lines",
            brokenBy: String(repeating: "x\n", count: 401)
        ) { file in
            guard file.isWritten(in: "swift", "c", "h", "S") else { return [] }
            let count = file.lines.count - 1
            return count > 400 ? ["\(file.path): \(count) lines"] : []
        },
        Rule(
            "a function has at most 70 lines",
            brokenBy: "func a() {\n" + String(repeating: "    b()\n", count: 69) + "}\n"
        ) { $0.functions.filter { $0.lineCount > 70 }.map(\.description) },
        Rule("no line ends with white space", brokenBy: "a \n") { file in
            file.places { $0.last?.isWhitespace == true }
        },
        Rule("only Makefiles have tabs", brokenBy: "\ta\n") { file in
            file.path.contains("Makefile") ? [] : file.places { $0.contains("\t") }
        },
        Rule("a file ends with exactly one line end", brokenBy: "a\n\n") { file in
            file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n") ? [] : [file.path]
        },
        Rule("no file names a folder of one machine", brokenBy: "cd /" + "home/me\n") { file in
            file.places { line in
                ["home", "root", "work"].contains { line.contains("/\($0)/") }
            }
        },
    ]

    private static let constructs = [
        Rule("nothing is left to do", brokenBy: "// TO" + "DO: more\n") { file in
            guard file.isIn("Sources", "Bootloader") else { return [] }
            return file.places { $0.contains("TODO") || $0.contains("FIXME") }
        },
        Rule("what can fail is handled", brokenBy: "try! a() as! B\n") { file in
            guard file.isIn("Sources", "Bootloader"), file.isWritten(in: "swift") else { return [] }
            return file.places { $0.contains("try!") || $0.contains(" as! ") }
        },
        Rule("nothing gives up without a word", brokenBy: "fatalError()\n") { file in
            guard file.isIn("Sources", "Bootloader") else { return [] }
            return file.places { $0.contains("fatalError(") }
        },
        Rule("a library prints nothing", brokenBy: "print(1)\n") { file in
            guard
                file.isIn(
                    "Sources/BootInfo", "Sources/BootImageKit", "Sources/DiskImage",
                    "Sources/ELFKit",
                    "Sources/FlashKit", "Sources/GuestKit", "Sources/Settings"),
                file.isWritten(in: "swift")
            else {
                return []
            }
            return file.places { $0.contains("print(") }
        },
    ]

    private static let language = [
        Rule("messages are plain English", brokenBy: "fail(\"nobody tells\")\n") { file in
            guard file.isWritten(in: "swift"), file.isIn("Sources", "Bootloader") else { return [] }
            let code = SwiftCode.ofProject[file.path] ?? SwiftCode(file)
            return file.places(in: code.literals) {
                $0.contains(translationese) || $0.contains("none needed")
            }
        },
        Rule("pages are plain English", brokenBy: "What shall be done\n", in: "docs/a.md") { file in
            guard file.isWritten(in: "md", "template", "toml", "yml") else { return [] }
            return file.places { $0.contains(translationese) || $0.contains("none needed") }
        },
    ]

    /// Words that give a sentence away as a translation.
    nonisolated(unsafe) private static let translationese =
        /\b(?:tells|told of|nobody|of ours|is to be|shall|usual|so that which|wherever)\b/
        .ignoresCase()
}
