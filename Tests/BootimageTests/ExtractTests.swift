import SystemPackage
import TestSupport
import Testing

/// `bootimage inspect --extract`: whole files or nothing.
@Suite(.needs("clang", "ld.lld"))
struct ExtractTests {
    @Test(
        arguments: [
            ("bios", "kernel", "kernel"), ("bios", "ramdisk", "ramdisk"),
            ("uefi", "kernel", "kernel-x86_64"), ("uefi", "/ramdisk", "ramdisk"),
            ("uefi", "RAMDISK", "ramdisk"), ("uefi", "d/Long name.txt", "Long name.txt"),
        ])
    func `files are extracted unchanged, beside the image`(
        _ firmware: String, _ path: String, _ name: String
    ) async throws {
        let file = firmware == "uefi" ? ["--file", "d/Long name.txt="] : []
        try await InspectImageTests.withImage(
            ["--firmware", firmware, "--keep-debug-info"] + file
        ) { folder, image in
            let inputs = (
                kernel: try read(folder.appending("kernel.elf")),
                ramdisk: try read(folder.appending("ramdisk"))
            )
            let place = try makeFolder(folder.appending("sub")).appending("disk.img")
            try write(read(image), to: place)
            let verdict = try await Project.bootimage(
                "inspect", place.string, "--extract", path)
            let output = folder.appending("sub").appending(name)
            verdict.expectSuccess(printing: "\(output)\n")
            let found = try read(output)
            #expect(found == (name == "ramdisk" ? inputs.ramdisk : inputs.kernel))
            #expect(try names(in: folder.appending("sub")).count == 2)
        }
    }

    @Test(.needs("mkfs.fat", "mcopy", "mdel"))
    func `a fragmented file is extracted whole`() async throws {
        try await withTemporaryFolder { folder in
            let image = folder.appending("volume.img").string
            let (small, large) = (folder.appending("small"), folder.appending("large"))
            try write(repeatElement(1, count: 2048), to: small)
            try write((0..<50_000).map { UInt8(truncatingIfNeeded: $0 / 3) }, to: large)
            try await Tool(name: "sh").succeed([
                "-e", "-c",
                """
                PATH=/usr/sbin:/sbin:$PATH
                truncate --size 4M \(image)
                mkfs.fat -F 12 \(image)
                for i in $(seq 1 40); do mcopy -i \(image) \(small) ::/s$i; done
                for i in $(seq 1 2 39); do mdel -i \(image) ::/s$i; done
                mcopy -i \(image) \(large) ::/large
                """,
            ])
            let report = try await InspectJSONTests.report(of: FilePath(image))
            let file = report.volumes.first?.files.first { $0.path.lowercased() == "/large" }
            #expect(try #require(file).extents.count > 10)
            let output = folder.appending("out").string
            try await Project.bootimage.succeed([
                "inspect", image, "--extract", "large", "--output", output,
            ])
            #expect(try read(FilePath(output)) == read(large))
        }
    }

    @Test func `a missing path and a folder are refused`() async throws {
        try await InspectImageTests.withImage(["--firmware", "uefi", "--esp-fat", "16"]) {
            folder, image in
            let before = try names(in: folder)
            for (path, code, words) in [
                ("none", 66, "contains no none"), ("EFI/BOOT", 65, "is a folder"),
                ("", 66, "contains no "), ("../kernel.elf", 66, "contains no"),
                ("boot.json", 66, "contains no"),
            ] as [(String, Int32, String)] {
                try await Project.bootimage("inspect", image.string, "--extract", path)
                    .expectRefusal(code, saying: words)
            }
            #expect(try names(in: folder) == before)
        }
    }

    @Test func `--output may replace a file, but never the image`() async throws {
        try await InspectImageTests.withImage(["--firmware", "uefi", "--esp-fat", "16"]) {
            folder, image in
            // The RAM disk's own file lies beside the image.
            let ramdisk = folder.appending("ramdisk")
            let bytes = try read(image)
            try write([1], to: ramdisk)
            let command = ["inspect", image.string, "--extract", "ramdisk"]
            try await Project.bootimage.run(command)
                .expectRefusal(73, saying: "already exists")
            #expect(try read(ramdisk) == [1])
            try await Project.bootimage.run(command + ["--output", image.string])
                .expectRefusal(73, saying: "it is the input")
            #expect(try read(image) == bytes)
            try await Project.bootimage.run(command + ["--output", ramdisk.string])
                .expectSuccess()
            #expect(try read(ramdisk).count == 3000)
        }
    }

    @Test func `a truncated file is not extracted`() async throws {
        try await InspectImageTests.withImage(["--firmware", "uefi", "--esp-fat", "16"]) {
            folder, image in
            let report = try await InspectJSONTests.report(of: image)
            let volume = try #require(report.volumes.first)
            let file = try #require(volume.files.first { $0.path == "/ramdisk" })
            let cluster = try #require(file.extents.first).first_cluster
            let table = try #require(report.regions.flattened.first { $0.name == "FAT 1" })
            var bytes = try read(image)
            // The chain ends with its first cluster.
            let entry = table.first_sector * 512 + 2 * cluster
            bytes.replaceSubrange(entry..<entry + 2, with: [0xFF, 0xFF])
            try write(bytes, to: image)
            let output = folder.appending("out")
            try await Project.bootimage(
                "inspect", image.string, "--extract", "ramdisk", "--output", output.string
            ).expectRefusal(65, saying: "its clusters do not contain all of its 3000 bytes")
            #expect(try !names(in: folder).contains("out"))
        }
    }
}

extension [InspectJSONTests.Report.Region] {
    fileprivate var flattened: Self { flatMap { [$0] + $0.parts.flattened } }
}
