import SystemPackage
import TestSupport
import Testing

/// Files whose names are not UTF-8; `\351` is `é` in ISO 8859-1.
struct NameBytesTests {
    /// Runs lines of a shell in a folder with the kernel "k\351.elf" and the text "k\351.txt";
    /// `$name` is "k\351".
    private static func run(
        _ lines: String, _ body: (Tool.Verdict) throws -> Void
    ) async throws {
        try await withKernel { folder, _ in
            let start = """
                cd \(folder) && name=$(printf 'k\\351') && tool=\(Project.bootimage.name)
                mv kernel.elf "$name.elf" && echo text > "$name.txt"

                """
            try body(try await Tool(name: "sh").run(["-c", start + lines]))
        }
    }

    @Test(arguments: [
        #"$tool build "$name.elf" && test -f "bootimage-$name.bios.img""#,
        #"$tool build "$name.elf" && test -f "bootimage-$name.uefi.img""#,
        #"$tool build "$name.elf" --name "$name$name" && test -f "bootimage-$name$name.bios.img""#,
        #"test "$($tool build "$name.elf" --firmware bios)" = "bootimage-$name.bios.img""#,
        #"$tool build "$name.elf" --firmware uefi -o "$name" && $tool verify "$name""#,
        #"$tool build "$name.elf" --pxe-directory "$name" && test -f "$name/kernel-x86_64""#,
        #"$tool build "$name.elf" --manifest "$name.json" && sha256sum --check SHA256SUMS"#,
        #"$tool build "$name.elf" --firmware uefi --ramdisk "$name.txt" --file "a=$name.txt""#,
        #"mkdir "$name" && touch "$name/b" && $tool build "$name.elf" --directory "a=$name""#,
        #"$tool inspect "$name.elf""#,
        #"mkdir "$name" && cd "$name" && $tool build "../$name.elf" --output-directory ."#,
        #"mkdir "$name" && cd "$name" && echo x > bootimage.toml && ! $tool build "../$name.elf""#,
    ])
    func `such a file is found and made`(_ lines: String) async throws {
        try await Self.run(lines) { #expect($0.exitCode == 0, "\($0.text)") }
    }

    @Test(
        arguments: [
            (#"$tool build "no$name""#, 66, #"nok\xE9: cannot be read"#),
            (#"$tool build "$name.txt""#, 65, #"k\xE9.txt: not an ELF file"#),
            (#"$tool inspect "$name.txt""#, 65, #"k\xE9.txt: is text"#),
            (#"$tool run --dry-run "no$name""#, 66, #"nok\xE9: cannot be read"#),
            (#"$tool flash "no$name" /dev/null"#, 66, #"nok\xE9: cannot be read"#),
            (#"$tool "$name""#, 64, #"“k\xE9” is not a command"#),
            (
                #"$tool build "$name.elf" --firmware uefi --file "$name=$name.txt""#, 65,
                #"the component "k\xE9" is not UTF-8; rename the file"#
            ),
            (
                #"mkdir a && touch "a/$name" && $tool build "$name.elf" --directory b=a"#, 65,
                #"the component "k\xE9" is not UTF-8; rename the file"#
            ),
            (
                #"gzip "$name.elf" && $tool inspect "$name.elf.gz""#, 65,
                #"gzip -dk -- $'k\xE9.elf.gz'"#
            ),
        ] as [(String, Int32, String)])
    func `a message shows the bytes`(
        _ lines: String, _ code: Int32, _ text: String
    ) async throws {
        try await Self.run(lines) { $0.expectRefusal(code, saying: text) }
    }

    @Test func `an unknown option is shown with its bytes`() async throws {
        try await Self.run(#"$tool build "--$name""#) { verdict in
            #expect(verdict.exitCode == 64)
            #expect(verdict.error.hasPrefix(#"Error: Unknown option '--k\xE9'"#))
        }
    }

    @Test func `JSON shows the bytes`() async throws {
        try await Self.run(#"$tool inspect --json "$name.elf""#) {
            #expect($0.output.contains(#""file": "k\\xE9.elf""#))
        }
    }

    @Test(.needs("qemu-system-x86_64"))
    func `a dry run prints a command for the shell`() async throws {
        for command in ["run --dry-run", "test --dry-run --firmware bios"] {
            try await Self.run("$tool \(command) \"$name.elf\"") {
                #expect($0.exitCode == 0)
                #expect($0.output.contains(#"file.filename=bootimage-k\xE9.bios.img'"#))
            }
        }
    }
}
