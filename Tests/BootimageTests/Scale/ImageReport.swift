import DiskImage
import SystemPackage
import TestSupport
import Testing

/// What every tool says of a UEFI image with sectors of 512 bytes; an empty list where it is clean.
///
/// The text counts, because exit codes alone lie.
struct ImageReport {
    private(set) var faults: [String] = []
    private let image: FilePath
    private let type: FATType
    private let folder: FilePath

    private static let start = 1 << 20

    /// Asks them all, with room for copies in `folder`.
    init(
        on image: FilePath, _ type: FATType, files: [RandomFiles.File], in folder: FilePath
    ) async throws {
        self.image = image
        self.type = type
        self.folder = folder
        try await checkTable()
        try await checkFileSystem()
        try await checkNames(files)
        try await checkContents(files)
    }

    private mutating func expect(_ condition: Bool, _ tool: String, _ text: String) {
        if !condition { faults.append("\(tool): \(text.prefix(2000))") }
    }

    private mutating func checkTable() async throws {
        let sgdisk = try await Tool(name: "sgdisk")("-v", image.string)
        expect(sgdisk.says("No problems found"), "sgdisk", sgdisk.text)
        expect(!sgdisk.says("Caution", "Warning"), "sgdisk", sgdisk.text)
        let sfdisk = try await Tool(name: "sfdisk")("--verify", image.string)
        let second = sfdisk.lines.dropFirst().first
        expect(second == "No errors detected.", "sfdisk", sfdisk.text)
        expect(!sfdisk.says("mismatch", "corrupt", "overlap"), "sfdisk", sfdisk.text)
        // parted knows no FAT12.
        let name = type == .fat12 ? "" : "fat\(type.rawValue)"
        let parted = try await Tool(name: "parted")("-s", "-m", image.string, "unit", "s", "print")
        let row = ":\(name):EFI System Partition:boot, esp;"
        expect(parted.exitCode == 0 && parted.says(row), "parted", parted.text)
        let align = try await Tool(name: "parted")(
            "-s", image.string, "align-check", "optimal", "1")
        expect(align.exitCode == 0, "parted align-check", align.text)
        let verify = try await Project.bootimage("verify", image.string)
        expect(verify.exitCode == 0 && verify.says(": sound"), "bootimage verify", verify.text)
    }

    private mutating func checkFileSystem() async throws {
        let blkid = try await Tool(name: "blkid")("-p", "-O", "\(Self.start)", image.string)
        expect(blkid.says(#"VERSION="\#(type.name)""#), "blkid", blkid.text)
        let partition = folder.appending("partition.img").string
        let script = #"""
            count=$(($(stat --format=%s "$0") / 1048576 - 2))
            dd if="$0" of="$1" bs=1M skip=1 count=$count conv=sparse status=none
            """#
        try await Tool(name: "bash").succeed(["-c", script, image.string, partition])
        let fsck = try await Tool(name: "fsck.fat")("-n", partition)
        expect(fsck.exitCode == 0 && fsck.lines.count == 2, "fsck.fat", fsck.text)
        let tables = try await Tool(name: "fatcat")(partition, "-2")
        expect(tables.says("exactly equal"), "fatcat", tables.text)
        // Where the root has no clusters it looks for one, in vain, and says so again and again.
        if type == .fat32 {
            let orphans = try await Tool(name: "fatcat")(partition, "-o")
            expect(orphans.says("seems clean"), "fatcat", orphans.text)
        }
        try await Tool(name: "rm").succeed([partition])
    }

    private mutating func checkNames(_ files: [RandomFiles.File]) async throws {
        let volume = "\(image)@@\(Self.start)"
        let mdir = try await Tool(name: "mdir")("-/", "-b", "-i", volume, "::")
        let found = mdir.lines.filter { !$0.hasSuffix("/") }.map { String($0.dropFirst(3)) }
        let wanted = files.map(\.path) + ["EFI/BOOT/BOOTX64.EFI", "kernel-x86_64"]
        let difference = Set(found).symmetricDifference(wanted)
        expect(mdir.exitCode == 0 && found.count == wanted.count, "mdir", mdir.error)
        expect(difference.isEmpty, "mdir", "\(difference.sorted())")
        let minfo = try await Tool(name: "minfo")("-i", volume)
        expect(minfo.says(#"disk type="\#(type.name)"#), "minfo", minfo.text)
    }

    /// Compares all files at once: 7z writes them one after the other, in its own order.
    private mutating func checkContents(_ files: [RandomFiles.File]) async throws {
        let list = try await Tool(name: "7z")("l", "-slt", "-ba", image.string)
        let isOther: Set = ["EFI/BOOT/BOOTX64.EFI", "kernel-x86_64"]
        let sources = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.source) })
        var order: [String] = []
        for line in list.lines where line.hasPrefix("Path = ") {
            let path = String(line.dropFirst(7))
            if isOther.contains(path) { order.append(other(path)) }
            if let source = sources[path] { order.append(source.string) }
        }
        expect(order.count == files.count + 2, "7z", list.text)
        let sourceList = folder.appending("order")
        try write(order.flatMap { Array($0.utf8) + [0] }, to: sourceList)
        let script = #"cmp <(7z x -so "$0" 2> "$1.log") <(xargs -0 cat < "$1")"#
        let cmp = try await Tool(name: "bash")("-c", script, image.string, sourceList.string)
        expect(cmp.exitCode == 0, "7z and cmp", cmp.text)
        let test = try await Tool(name: "7z")("t", image.string)
        expect(test.says("Everything is Ok") && !test.says("ERROR"), "7z t", test.text)
    }

    private func other(_ path: String) -> String {
        path == "kernel-x86_64"
            ? folder.appending("kernel.elf").string
            : Project.root.appending("Bootloader/Prebuilt/BOOTX64.EFI").string
    }
}

extension ImageReport {
    /// What the tools say of the image that `bootimage build` writes of the kernel in `folder`.
    static func ofImage(
        _ type: FATType, of files: [RandomFiles.File], in folder: FilePath
    ) async throws -> [String] {
        let image = folder.appending("uefi.img")
        let options = ["--esp-fat", "\(type.rawValue)", "--firmware", "uefi", "-o", image.string]
        let build = try await Project.bootimage.run(
            ["build", folder.appending("kernel.elf").string] + options
                + files.flatMap { ["--file", "\($0.path)=\($0.source)"] })
        guard build.exitCode == 0, build.error.isEmpty else { return [build.text] }
        return try await ImageReport(on: image, type, files: files, in: folder).faults
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the tests where one of those who report is missing.
    static var needsImageTools: Self {
        .needs(
            "clang", "ld.lld", "fsck.fat", "sgdisk", "sfdisk", "parted", "blkid", "fatcat", "mdir",
            "minfo", "7z")
    }
}
