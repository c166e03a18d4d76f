import ELFKit
import Testing

@testable import ELFSamples

@Suite("Files without their debug sections")
struct StrippedFileTests {
    private typealias Section = ELFBuilder.NamedSection

    private static let info = Section(name: ".debug_info", bytes: filled(0xd1, 1001))
    /// What linkers write after a kernel's segments, with bytes that do not depend on offsets.
    private static let sections = [
        Section(name: ".comment", flags: 0x30, bytes: filled(0xc0, 27)),
        info,
        Section(name: ".bootloader-config", bytes: KernelConfiguration().encoded()),
        Section(name: ".debug_frame", alignment: 8, bytes: filled(0xd2, 56)),
        Section(name: ".symtab", type: 2, link: 6, alignment: 8, bytes: filled(0x51, 48)),
        Section(name: ".strtab", type: 3, bytes: filled(0x52, 13)),
    ]

    private static func filled(_ byte: UInt8, _ count: Int) -> [UInt8] {
        [UInt8](repeating: byte, count: count)
    }

    private static func kernel(
        _ sections: [ELFBuilder.NamedSection] = sections, skipping: Set<String> = []
    ) -> ELFBuilder {
        var kernel = ELFBuilder()
        kernel.addSections(sections, skipping: skipping)
        return kernel
    }

    @Test func `the stripped file is what a linker would have written without them`() throws {
        let whole = Self.kernel().bytes()
        let stripped = try #require(load(whole).strippedFile)
        let expected = Self.kernel(skipping: [".debug_info", ".debug_frame"]).bytes()
        #expect(isMade(stripped, of: whole, as: expected))
        #expect(stripped.byteCount == expected.count)
        #expect(try load(expected).configuration == KernelConfiguration())
        #expect(try load(expected).strippedFile == nil)
    }

    @Test(
        arguments: [
            ".debug_info", ".debug_line", ".zdebug_info", ".gdb_index", ".stab", ".stabstr",
            ".swift_ast",
            ".stab.excl", ".rela.debug_info", ".rel.debug_info", ".rela.stab",
        ], [0, 0x30, 0x800] as [UInt64])
    func `debug sections are omitted, even compressed`(_ name: String, flags: UInt64) throws {
        let sections = [Section(name: name, flags: flags, bytes: Self.filled(0xd1, 100))]
        let whole = Self.kernel(sections).bytes()
        let stripped = try #require(load(whole).strippedFile)
        let expected = Self.kernel(sections, skipping: [name]).bytes()
        #expect(isMade(stripped, of: whole, as: expected))
    }

    @Test(
        arguments: [
            ".debug", ".debugger", "debug_info", "x.debug_info", ".comment", ".gdb_index2",
            ".stable", ".stabs", ".rela.text", ".symtab", ".note.gnu.build-id", "",
        ])
    func `other sections stay`(_ name: String) throws {
        let section = Section(name: name, bytes: Self.filled(0xd1, 100))
        #expect(try load(Self.kernel([section]).bytes()).strippedFile == nil)
        let whole = Self.kernel([section, Self.info]).bytes()
        let stripped = try #require(load(whole).strippedFile)
        let expected = Self.kernel([section, Self.info], skipping: [".debug_info"]).bytes()
        #expect(isMade(stripped, of: whole, as: expected))
    }

    @Test func `debug sections in memory or without bytes stay`() throws {
        var loaded = Self.info
        loaded.flags = 2
        #expect(try load(Self.kernel([loaded]).bytes()).strippedFile == nil)
        var empty = Self.info
        empty.type = 8
        #expect(try load(Self.kernel([empty]).bytes()).strippedFile == nil)
        var covered = Self.kernel([Self.info])
        covered.segments[1].fileByteCount = 0x180 + 1001
        covered.segments[1].memoryByteCount = 0x180 + 1001
        #expect(try load(covered.bytes()).strippedFile == nil)
    }

    @Test func `bytes between segments and other sections stay in place`() throws {
        for byteCount in [1, 4095, 70_000] {
            let files = [[], [".debug_info", ".debug_frame"]].map { skipped in
                var kernel = ELFBuilder()
                kernel.contents.append((0x400, Self.filled(0xee, byteCount)))
                kernel.fileByteCount += byteCount
                kernel.addSections(Self.sections, skipping: Set(skipped))
                return kernel.bytes()
            }
            let stripped = try #require(load(files[0]).strippedFile)
            #expect(isMade(stripped, of: files[0], as: files[1]))
        }
    }

    @Test func `bytes of any program header stay in place`() throws {
        let note = Section(name: ".note", type: 7, bytes: Self.filled(0x4e, 32))
        for sections in [[note, Self.info], [Self.info, note]] {
            var kernel = Self.kernel(sections)
            let index = sections[0].name == note.name ? 1 : 2
            kernel.segments.append(
                .init(
                    type: 4, offset: kernel.sections[index].offset, address: 0, fileByteCount: 32,
                    memoryByteCount: 32))
            let whole = kernel.bytes()
            let stripped = try load(whole).strippedFile
            #expect((stripped != nil) == (index == 1))
            if let bytes = stripped?.bytes(of: whole) {
                #expect(bytes[64..<0x420] == whole[64..<0x420])
            }
        }
    }

    @Test(arguments: [4096, 8192] as [UInt64])
    func `a section may be aligned to a page, but no more`(_ alignment: UInt64) throws {
        let sections = [
            Section(name: ".debug_info", bytes: Self.filled(0xd1, 20_000)),
            Section(name: ".comment", alignment: alignment, bytes: Self.filled(0xc0, 27)),
        ]
        let whole = Self.kernel(sections).bytes()
        let stripped = try load(whole).strippedFile
        #expect((stripped != nil) == (alignment == 4096))
        if let stripped {
            let expected = Self.kernel(sections, skipping: [".debug_info"]).bytes()
            #expect(isMade(stripped, of: whole, as: expected))
        }
    }

    /// A kernel with debug sections in a layout that linkers do not produce.
    struct Oddity: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var change: @Sendable (inout ELFBuilder) -> Void

        init(_ sentence: String, _ change: @escaping @Sendable (inout ELFBuilder) -> Void) {
            (testDescription, self.change) = (sentence, change)
        }
    }

    static let oddities = [
        Oddity("sections that overlap") { $0.sections[2].byteCount += 1 },
        Oddity("a gap between sections") { $0.sections[2].byteCount -= 1 },
        Oddity("a section that is not aligned") { $0.sections[2].alignment = 32 },
        Oddity("padding beyond alignment") { kernel in
            kernel.sections[4].offset += 4
            kernel.sections[4].byteCount -= 4
        },
        Oddity("bytes after the table") { $0.fileByteCount += 1 },
        Oddity("a table before the sections") { kernel in
            kernel.fileByteCount = Int(kernel.sectionHeaderOffset)
            kernel.sectionHeaderOffset = 0x200
        },
        Oddity("no section headers") { $0.sectionHeaderCount = 0 },
        Oddity("sections without names") { $0.sectionNameIndex = 0 },
        Oddity("a section outside of the file") { $0.sections[5].offset = .max },
        Oddity("a section in memory after the debug sections") { $0.sections[5].flags = 2 },
        Oddity("a segment of unknown type without an end") {
            $0.segments.append(
                .init(
                    type: 0x6fff_ffff, offset: .max, address: 0, fileByteCount: 2,
                    memoryByteCount: 0))
        },
        Oddity("a debug section that starts in a segment") { kernel in
            kernel.segments[1].fileByteCount += 28
            kernel.segments[1].memoryByteCount += 28
        },
        Oddity("an empty section in memory after the debug sections") {
            ($0.sections[5].flags, $0.sections[5].byteCount) = (2, 0)
        },
        Oddity("symbols with names in a debug section") { $0.sections[5].link = 2 },
        Oddity("relocations for a debug section under another name") {
            ($0.sections[5].type, $0.sections[5].info) = (4, 2)
        },
        Oddity("a section whose sh_info is a debug section") {
            ($0.sections[5].flags, $0.sections[5].info) = (0x40, 2)
        },
    ]

    @Test(arguments: oddities)
    func `a file in another layout stays as it is`(_ oddity: Oddity) throws {
        var kernel = Self.kernel()
        #expect(try load(kernel.bytes()).strippedFile != nil)
        oddity.change(&kernel)
        #expect(try load(kernel.bytes()).strippedFile == nil)
    }

    @Test func `a damaged file loads the same with and without its debug sections`() throws {
        let whole = Self.kernel().bytes()
        var strippedCount = 0
        for offset in whole.indices where offset < 0x200 || offset >= 0x400 {
            for byte: UInt8 in [0, 2, 0xff] where whole[offset] != byte {
                var bytes = whole
                bytes[offset] = byte
                guard let kernel = try? load(bytes), let file = kernel.strippedFile else {
                    continue
                }
                let stripped = try load(file.bytes(of: bytes))
                #expect(stripped.segments == kernel.segments, "\(byte) at \(offset)")
                #expect(stripped.configuration == kernel.configuration)
                #expect(stripped.fileByteCount == file.byteCount)
                #expect(file.byteCount < bytes.count)
                strippedCount += 1
            }
        }
        #expect(strippedCount > 500)
    }
}

/// Whether the file has these bytes; `#expect` on the arrays would print them all.
private func isMade(_ file: StrippedFile, of whole: [UInt8], as expected: [UInt8]) -> Bool {
    file.bytes(of: whole) == expected
}

extension StrippedFile {
    /// Returns the file's bytes, from those of the original file.
    fileprivate func bytes(of whole: [UInt8]) -> [UInt8] {
        pieces.flatMap { piece in
            switch piece {
            case .source(let range): Array(whole[Int(range.lowerBound)..<Int(range.upperBound)])
            case .bytes(let bytes): bytes
            }
        }
    }
}
