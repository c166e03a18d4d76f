import Foundation

/// The commands that write an image of a workload: ours, other tools, and two that only copy bytes.
struct Contenders {
    let workload: Workload
    /// Our executables, by label.
    let tools: [(label: String, path: String)]
    /// The output folder.
    let folder: String
    /// The UEFI loader for the images of the other tools.
    let loader: String

    /// Both images in one run, and the tools that write one.
    var small: [Command] {
        tools.map { both($0) } + [ideal, copy] + peers
    }

    /// One image per run.
    var large: [Command] {
        tools.flatMap { [one("bios", by: $0), one("uefi", by: $0)] } + [copy]
    }

    /// The installed tools that write a disk with a FAT partition.
    var peers: [Command] {
        var peers: [Command] = []
        if isInstalled("sfdisk"), isInstalled("mcopy"), isInstalled("mkfs.fat") {
            peers.append(mtools)
        }
        if isInstalled("genimage") { peers.append(genimage) }
        return peers
    }

    private func both(_ tool: (label: String, path: String)) -> Command {
        Command(
            label: tool.label,
            arguments: [tool.path, "build", "--quiet", "--output-directory", folder, "--name", "b"]
                + workload.arguments,
            outputs: ["\(folder)/bootimage-b.bios.img", "\(folder)/bootimage-b.uefi.img"])
    }

    /// The image for one firmware.
    func one(_ firmware: String, by tool: (label: String, path: String)) -> Command {
        let output = "\(folder)/\(firmware).img"
        return Command(
            label: "\(tool.label), \(firmware.uppercased())",
            arguments: [tool.path, "build", "--quiet", "--firmware", firmware, "-o", output]
                + workload.arguments,
            outputs: [output])
    }

    /// The minimal work of writing a BIOS image.
    private var ideal: Command {
        let output = "\(folder)/ideal.img"
        return Command(
            label: "ideal", arguments: ["./ideal", workload.kernel, output], outputs: [output])
    }

    /// A plain copy of the same bytes.
    private var copy: Command {
        Command(
            label: "cp",
            arguments: ["cp", "--reflink=never"] + workload.files + ["\(folder)/copies"],
            outputs: workload.files.map { "\(folder)/copies/\(lastComponent(of: $0))" })
    }

    /// The files on the partition: destination and source.
    private var files: [(path: String, source: String)] {
        [("EFI/BOOT/BOOTX64.EFI", loader), ("kernel-x86_64", workload.kernel)]
            + (workload.ramdisk.map { [("ramdisk", $0)] } ?? [])
    }

    private var partitionMebibytes: Int { max(34, workload.byteCount >> 20 + 16) }

    private var mtools: Command {
        let image = "\(folder)/mtools.img"
        let copies = files.map { "mcopy -i \(image)@@1M \($0.source) ::/\($0.path)" }
        let script = """
            set -e
            truncate -s \(partitionMebibytes + 2)M \(image)
            echo 'start=2048, size=\(partitionMebibytes)M, type=uefi' |
                sfdisk --quiet --label gpt \(image)
            mkfs.fat -F 32 --offset 2048 \(image) \(partitionMebibytes * 1024)
            mmd -i \(image)@@1M ::/EFI ::/EFI/BOOT
            \(copies.joined(separator: "\n"))
            """
        return Command(
            label: "sfdisk and mtools", arguments: ["sh", "-c", script], outputs: [image])
    }

    private var genimage: Command {
        let entries = files.map { #"file "\#($0.path)" { image = "\#($0.source)" }"# }
        let configuration = """
            image esp.vfat {
                size = \(partitionMebibytes)M
                vfat { extraargs = "-F 32" \(entries.joined(separator: " ")) }
            }
            image genimage.img {
                hdimage { partition-table-type = "gpt" }
                partition esp { image = "esp.vfat" partition-type-uuid = "U" }
            }
            """
        let script = """
            set -e
            rm -rf genimage.tmp && mkdir -p genimage.root
            echo '\(configuration)' >genimage.cfg
            genimage --config genimage.cfg --rootpath genimage.root --inputpath . \
                --outputpath \(folder) --tmppath genimage.tmp
            """
        return Command(
            label: "genimage", arguments: ["sh", "-c", script],
            outputs: ["\(folder)/genimage.img", "\(folder)/esp.vfat"])
    }
}

/// The name of a file without its folder.
private func lastComponent(of path: String) -> String {
    String(path.split(separator: "/").last ?? "")
}

/// Whether a program is on `PATH`.
func isInstalled(_ program: String) -> Bool {
    (try? run("sh", "-c", "command -v \(program)")) != nil
}
