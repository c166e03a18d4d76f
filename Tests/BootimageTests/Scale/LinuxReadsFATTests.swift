import DiskImage
import SystemPackage
import TestSupport
import Testing

/// The Linux kernel mounts one image of each type, and reads every file in it.
@Suite(.needs("clang", "ld.lld", "guestfish", "sha256sum"))
struct LinuxReadsFATTests {
    @Test func `the sums of all files are those of their sources`() async throws {
        try await withKernel { folder, kernel in
            var script = ["run"]
            // A label has letters alone.
            for (label, type) in zip(["narrow", "middle", "wide"], FATType.allCases) {
                let image = folder.appending("\(type.name).img")
                try await Self.build(image, type, of: kernel)
                script.insert(
                    "add-drive \(image) format:raw readonly:true label:\(label)", at: 0)
                script += [
                    "mount-vfs ro,utf8 vfat /dev/disk/guestfs/\(label)1 /",
                    "checksums-out sha256 / \(folder)/\(type.name).sums", "umount /",
                ]
            }
            let text = try await Guestfish.run(script.joined(separator: "\n"), in: folder)
            #expect(text == "")
            for type in FATType.allCases { try await Self.compare(type, in: folder) }
        }
    }

    /// An image whose sources stay in a folder named for the type.
    private static func build(
        _ image: FilePath, _ type: FATType, of kernel: FilePath
    ) async throws {
        let longest = type == .fat12 ? 100 << 20 : 300 << 20
        let files = try RandomFiles(
            seed: UInt64(type.rawValue), count: 300,
            byteCount: Soak.count(longest, sample: 20 << 20),
            in: makeFolder(image.removingLastComponent().appending(type.name))
        ).files
        try await Project.bootimage.succeed(
            ["build", kernel.string, "--firmware", "uefi", "-o", image.string]
                + ["--esp-fat", "\(type.rawValue)"]
                + files.flatMap { ["--file", "\($0.path)=\($0.source)"] })
        let sums = try await Tool(name: "sha256sum").succeed(files.map(\.source.string))
        let lines = zip(files, sums.lines).map { "\($1.prefix(64))  ./\($0.path)\n" }
        try write(lines.joined().utf8, to: FilePath("\(image).sums"))
    }

    private static func compare(_ type: FATType, in folder: FilePath) async throws {
        let found = try lines(of: folder.appending("\(type.name).sums"))
        let wanted = try lines(of: folder.appending("\(type.name).img.sums"))
        let faults = wanted.subtracting(found)
        let others = found.subtracting(wanted).map { $0.dropFirst(66) }.sorted()
        print("\(type.name) under Linux: files \(found.count), faults \(faults.count)")
        #expect(faults.isEmpty, "\(faults.prefix(9))")
        #expect(others == ["./EFI/BOOT/BOOTX64.EFI", "./kernel-x86_64"])
    }

    private static func lines(of path: FilePath) throws -> Set<Substring> {
        Set(String(decoding: try read(path), as: UTF8.self).split(separator: "\n"))
    }
}
