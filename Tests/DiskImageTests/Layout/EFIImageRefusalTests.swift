import Testing

@testable import DiskImage

@Suite struct EFIImageRefusalTests {
    @Test(
        arguments: [
            ("", "", .emptyComponent), ("/a", "", .emptyComponent), ("a//b", "", .emptyComponent),
            ("a/", "", .emptyComponent), ("./a", ".", .dotComponent),
            ("a/../b", "..", .dotComponent),
            ("a:b", "a:b", .forbiddenCharacter), ("a\\b", "a\\b", .forbiddenCharacter),
            ("a\nb", "a\nb", .forbiddenCharacter), ("what?", "what?", .forbiddenCharacter),
            ("a./b", "a.", .trailingDotOrSpace), ("a ", "a ", .trailingDotOrSpace),
        ] as [(String, String, PathFault)])
    func `a bad path is refused`(path: String, component: String, fault: PathFault) {
        let expected = LayoutError.badPath(path: path, component: component, fault: fault)
        #expect(throws: expected) { try layOut(path) }
        #expect(!expected.description.contains("\n"))
    }

    @Test func `a component has at most 255 units`() throws {
        try layOut(String(repeating: "n", count: 255))
        let long = String(repeating: "n", count: 256)
        #expect(throws: LayoutError.badPath(path: long, component: long, fault: .tooLong)) {
            try layOut(long)
        }
    }

    @Test(arguments: [
        "CON", "nul.txt", ".hidden", "a.b.c.d", " leading", "a+b,c;d=e[f]", "🚀",
        String(repeating: "d/", count: 40) + "file",
    ])
    func `an uncommon path is allowed`(path: String) throws {
        try layOut(path)
    }

    @Test(arguments: [("a", "a"), ("readme.TXT", "README.txt"), ("dir/ä", "DIR/Ä")])
    func `paths that differ only in case are refused`(first: String, second: String) {
        #expect(throws: LayoutError.duplicatePath(path: second, other: first)) {
            try layOut(first, second)
        }
    }

    @Test(arguments: [
        // Whole mappings, as macOS compares: ß is SS, ﬁ is FI, ŉ is ʼN.
        ("straße", "STRASSE"), ("ﬁle", "FILE"), ("ŉ", "ʼN"), ("ẞ", "ß"),
        // Small letters, as Linux compares: İ is i in ISO 8859-9, the Kelvin sign is k.
        ("İ", "i"), ("İ", "I"), ("\u{212A}", "k"), ("\u{212B}", "å"), ("\u{2126}", "ω"),
        // Canonical equivalents.
        ("é", "e\u{301}"), ("É", "e\u{301}"),
    ])
    func `names that some system confuses are refused`(first: String, second: String) {
        for (one, other) in [(first, second), (second, first)] {
            #expect(
                throws: LayoutError.confusable(path: other, component: other, other: one)
            ) { try layOut(one, other) }
            let (file, folder) = ("\(other)/b", "\(one)/a")
            #expect(
                throws: LayoutError.confusable(path: file, component: other, other: one)
            ) { try layOut(folder, file) }
        }
    }

    @Test(arguments: [("a", "b"), ("ß", "s"), ("ä", "a"), ("И", "Й"), ("ﬁ", "f"), ("日", "本")])
    func `other names are no clash`(first: String, second: String) throws {
        try layOut(first, second)
    }

    @Test(arguments: [("a", "a/b", "a"), ("a/b", "A", "A"), ("x/y", "X/Y/z", "Y")])
    func `a path that is both file and folder is refused`(
        first: String, second: String, component: String
    ) {
        #expect(throws: LayoutError.fileIsFolder(path: second, component: component)) {
            try layOut(first, second)
        }
    }

    @Test func `a file of 4 GiB is one byte too long`() throws {
        let allowed = ByteCount((1 << 32) - 1)
        try layOut(content: allowed)
        let found = ByteCount(1 << 32)
        #expect(throws: LayoutError.fileTooLong(path: "f", found: found, allowed: allowed)) {
            try layOut(content: found)
        }
    }

    @Test(arguments: SectorSize.allCases)
    func `an image beyond 2 TiB is refused`(sectorSize: SectorSize) {
        let file = Content.input(index: 0, length: ByteCount(4_000_000_000))
        let files = (0..<600).map { EFIImage.File(path: "F\($0)", content: file) }
        #expect(throws: LayoutError.self) {
            try EFIImage(files: files, identity: Sample.identity, medium: .disk(sectorSize))
                .layOut()
        }
    }

    @Test func `a folder has at most 65,536 entries`() throws {
        // The volume's label needs one entry of the root.
        let paths = (0..<65_535).map { "F\($0)" }
        try layOut(paths)
        let expected = LayoutError.folderTooLong(folder: "", found: 65_537, allowed: 65_536)
        #expect(throws: expected) { try layOut(paths + ["ONE-MORE"]) }
    }

    /// The label needs one entry; the root's area has whole sectors.
    @Test(
        arguments: [(.fat12, .bytes4096, 65_408), (.fat16, .bytes512, 65_520)]
            as [(FATType, SectorSize, Int)])
    func `a root folder outside of the clusters has fewer entries`(
        type: FATType, sectorSize: SectorSize, allowed: Int
    ) throws {
        func layOut(_ count: Int) throws -> ImageLayout {
            let files = (0..<count).map { EFIImage.File(path: "F\($0)", content: .bytes([])) }
            return try EFIImage(
                files: files, identity: Sample.identity, medium: .disk(sectorSize),
                volume: EFIImage.Volume(type)
            ).layOut()
        }
        let boot = try layOut(allowed - 1)["\(type.name) boot sector"]
        #expect(bootSector(in: boot).rootEntries == UInt64(allowed))
        let expected = LayoutError.rootFolderTooLong(
            type: type, found: allowed + 1, allowed: allowed)
        #expect(throws: expected) { try layOut(allowed) }
        #expect(!expected.description.contains("\n"))
    }

    /// The root's area ends a sector before a whole MiB: 1 MiB less has no space for FATs.
    @Test(arguments: [32_720, 32_730, 65_489, 65_504])
    func `a root folder of nearly whole MiB fits`(count: Int) throws {
        let files = (1..<count).map { EFIImage.File(path: "F\($0)", content: .bytes([])) }
        let layout = try EFIImage(
            files: files, identity: Sample.identity, volume: EFIImage.Volume(.fat12)
        ).layOut()
        #expect(layout["folder /"]?.content.byteCount.value == UInt64(count * 32))
    }

    @Test func `a bad label is refused`() {
        #expect(throws: LayoutError.badVolumeLabel(found: "boot")) {
            try EFIImage(
                files: [], identity: Sample.identity, volume: EFIImage.Volume(label: "boot")
            ).layOut()
        }
    }

    private func layOut(_ paths: String...) throws {
        try layOut(paths)
    }

    private func layOut(_ paths: [String], content: Content = .bytes([1])) throws {
        let files = paths.map { EFIImage.File(path: $0, content: content) }
        _ = try EFIImage(files: files, identity: Sample.identity).layOut()
    }

    private func layOut(content length: ByteCount) throws {
        try layOut(["f"], content: .input(index: 0, length: length))
    }
}
