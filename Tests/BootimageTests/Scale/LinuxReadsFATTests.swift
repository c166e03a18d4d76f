import DiskImage
import SystemPackage
import TestSupport
import Testing

/// The Linux kernel mounts one image of each type, and reads every file in it.
@Suite(.needs("clang", "ld.lld", "guestfish", "bash", "sha256sum"))
struct LinuxReadsFATTests {
    @Test(arguments: FATType.allCases)
    func `the sums of all files are those of their sources`(_ type: FATType) async throws {
        try await withKernel { folder, kernel in
            let byteCount = Soak.count(type == .fat12 ? 100 << 20 : 300 << 20, sample: 20 << 20)
            let files = try RandomFiles(
                seed: UInt64(type.rawValue), count: 300, byteCount: byteCount, in: folder
            ).files
            let image = folder.appending("uefi.img").string
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--firmware", "uefi", "-o", image]
                    + ["--esp-fat", "\(type.rawValue)"]
                    + files.flatMap { ["--file", "\($0.path)=\($0.source)"] })
            let sums = folder.appending("sums").string
            let text = try await Guestfish.run(
                """
                add-drive \(image) format:raw readonly:true label:disk
                run
                list-filesystems
                mount-vfs ro,utf8 vfat /dev/disk/guestfs/disk1 /
                checksums-out sha256 / \(sums)
                """, in: folder)
            #expect(text == "/dev/sda1: vfat\n" || text == "/dev/sdb1: vfat\n", "\(text)")
            let found = Set(try lines(of: sums))
            var wanted = Set<String>()
            let sources = try await Tool(name: "sha256sum").succeed(files.map(\.source.string))
            for (file, line) in zip(files, sources.lines) {
                wanted.insert("\(line.prefix(64))  ./\(file.path)")
            }
            let others = found.subtracting(wanted).map { $0.dropFirst(66) }.sorted()
            #expect(wanted.subtracting(found).isEmpty, "\(wanted.subtracting(found).prefix(9))")
            #expect(others == ["./EFI/BOOT/BOOTX64.EFI", "./kernel-x86_64"])
            print("\(type.name) under Linux: files \(found.count)")
        }
    }

    private func lines(of path: String) throws -> [String] {
        String(decoding: try read(FilePath(path)), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }
}
