import Testing

/// The folders inside a module form no cycle.
struct FolderTests {
    static let modules = [
        "BootImageKit", "DiskImage", "ELFKit", "FlashKit", "GuestFS", "GuestKit", "HostSystem",
        "Settings", "bootimage",
    ].map { "Sources/\($0)" }

    private static let files = SourceFile.all.filter { $0.isIn("Sources") }
        .compactMap { file in SwiftCode.ofProject[file.path].map { (file, $0) } }

    private static func read(_ files: [SourceFile]) -> [(file: SourceFile, code: SwiftCode)] {
        files.map { ($0, SwiftCode($0)) }
    }

    @Test(arguments: modules)
    func `the folders of a module form no cycle`(_ module: String) {
        let graph = FolderGraph(of: module, Self.files)
        #expect(graph.cycles.isEmpty, "\(graph.cycles.joined(separator: "\n"))")
    }

    @Test func `a cycle is found, by a type and by an extension's member`() {
        let files = [
            SourceFile(path: "M/Low/A.swift", text: "struct A {\n    let size: Int\n}\n"),
            SourceFile(
                path: "M/High/B.swift", text: "extension A {\n    var twice: Int { 2 }\n}\n"),
        ]
        #expect(FolderGraph(of: "M", Self.read(files)).cycles.isEmpty)
        let back = SourceFile(path: "M/Low/C.swift", text: "func c(_ a: A) -> Int { a.twice }\n")
        #expect(
            FolderGraph(of: "M", Self.read(files + [back])).cycles == [
                "M/High uses M/Low (A)", "M/Low uses M/High (.twice)",
            ])
    }

    @Test func `text and comments use nothing, and interpolations do`() {
        let code = SwiftCode(
            SourceFile(
                path: "A.swift",
                text: #"""
                    // Comment
                    let a = "Text \(inner("Nested \(deep)")) \"Quoted\"" + outer
                    let b = """
                        Long \(third)
                        """
                    """#))
        #expect(code.names == ["let", "a", "inner", "deep", "outer", "b", "third"])
        #expect(code.declarations == ["a", "b"])
        let literals = code.literals.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(literals.filter { !$0.isEmpty } == [["Text", "Nested", "Quoted"], ["Long"]])
    }

    @Test(arguments: modules)
    func `the files of a module are found`(_ module: String) {
        #expect(SourceFile.all.contains { $0.isIn(module) && $0.isWritten(in: "swift") })
    }
}
