import HostSystem
import SystemPackage

/// libguestfs as a program on this machine: its Linux mounts what an image holds.
enum GuestFS {
    /// A file as Linux reads it.
    struct File: Hashable {
        /// From the volume's root, with a slash before each name.
        let path: String
        let byteCount: UInt64
        /// As cksum(1) prints it.
        let checksum: UInt32
    }

    /// Mounts FAT volumes, by the numbers of their partitions or `nil` for the whole disk, and
    /// reads every file of theirs.
    ///
    /// - Returns: The files of each volume, and what else guestfish had to say.
    static func files(
        in image: FilePath, sectorByteCount: Int, partitions: [Int?]
    ) throws(ProgramError) -> (files: [[File]], complaints: [String]) {
        // A path that begins like an option is none with a folder in front.
        let path = image.isAbsolute ? image.string : "./\(image)"
        var words = [
            "add-drive", path, "format:raw", "readonly:true", "blocksize:\(sectorByteCount)",
            "label:disk", ":", "run",
        ]
        for partition in partitions {
            let device = "/dev/disk/guestfs/disk" + (partition.map { "\($0)" } ?? "")
            words += [":", "echo", mark, ":", "mount-ro", device, "/"]
            words += [":", "checksums-out", "crc", "/", "-", ":", "umount", "/"]
        }
        var program = try Program("guestfish")
        program.environment.defaults = environment
        var files: [[File]] = []
        var complaints: [String] = []
        do {
            try program.forEachLine(words) { line in
                if line == mark {
                    files.append([])
                } else if let file = File(line), !files.isEmpty {
                    files[files.count - 1].append(file)
                } else {
                    complaints.append(String(line))
                }
            }
        } catch .failed where !complaints.isEmpty {
            return (files, complaints)
        }
        return (files, complaints)
    }

    /// Variables without which it asks libvirt for a machine, or for a KVM that does not work.
    static var environment: [String] {
        ["LIBGUESTFS_BACKEND=direct"]
            + (KVM.works ? [] : ["LIBGUESTFS_BACKEND_SETTINGS=force_tcg"])
    }

    /// A line that no checksum looks like.
    private static let mark = "bootimage: next volume"
}

extension GuestFS.File {
    /// Reads a line such as `1533439875 37888 ./EFI/BOOT/BOOTX64.EFI`.
    fileprivate init?(_ line: Substring) {
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3, let checksum = UInt32(words[0]), let byteCount = UInt64(words[1]),
            words[2].hasPrefix("./")
        else { return nil }
        (path, self.byteCount, self.checksum) = (
            String(words[2].dropFirst()), byteCount, checksum
        )
    }
}
