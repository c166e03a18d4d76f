import DiskImage

/// Kinds of files that are neither disk images nor ELF files, by their first bytes.
public enum ForeignForm: String, CaseIterable, Sendable {
    // Programs.
    case bzImage, armLinux, riscvLinux, uImage, pe, elf, machO, firmwareVolume, optionROM
    case deviceTree
    // Archives, and compressed files that this tool does not know.
    case ar, cpio, tar, zip, sevenZip, rpm, bzip2, lz4, lzma, wim
    // Containers that this tool does not know.
    case qed, vmdkDescriptor, parallels, androidSparse
    // File systems and volumes without a partition table.
    case luks, squashfs, ext, xfs, btrfs, ntfs, exFAT, erofs, cramfs, lvm, swap
    case script, text

    /// How many of a file's first bytes are examined.
    static let examinedByteCount = 65_608

    private typealias Mark = (form: ForeignForm, offset: Int, bytes: [UInt8])

    /// Files that may end their first sector in 55 AA and still are no disks.
    private static let withSignature: [Mark] = [
        (.bzImage, 0x202, Array("HdrS".utf8)), (.ntfs, 3, Array("NTFS    ".utf8)),
        (.exFAT, 3, Array("EXFAT   ".utf8)),
    ]

    private static let marks: [Mark] = [
        (.armLinux, 56, [0x41, 0x52, 0x4D, 0x64]), (.riscvLinux, 56, [0x52, 0x53, 0x43, 0x05]),
        (.uImage, 0, [0x27, 0x05, 0x19, 0x56]), (.elf, 0, [0x7F, 0x45, 0x4C, 0x46]),
        (.machO, 0, [0xCF, 0xFA, 0xED, 0xFE]), (.firmwareVolume, 40, Array("_FVH".utf8)),
        (.deviceTree, 0, [0xD0, 0x0D, 0xFE, 0xED]), (.ar, 0, Array("!<arch>\n".utf8)),
        (.cpio, 0, Array("070701".utf8)), (.cpio, 0, Array("070702".utf8)),
        (.cpio, 0, [0xC7, 0x71]), (.tar, 257, Array("ustar".utf8)),
        (.zip, 0, [0x50, 0x4B, 3, 4]), (.sevenZip, 0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        (.rpm, 0, [0xED, 0xAB, 0xEE, 0xDB]), (.bzip2, 0, Array("BZh".utf8)),
        (.lz4, 0, [0x04, 0x22, 0x4D, 0x18]), (.lz4, 0, [0x02, 0x21, 0x4C, 0x18]),
        (.lzma, 0, [0x5D, 0, 0]), (.wim, 0, Array("MSWIM\0\0\0".utf8)),
        (.qed, 0, Array("QED\0".utf8)), (.vmdkDescriptor, 0, Array("# Disk Descriptor".utf8)),
        (.parallels, 0, Array("WithoutFreeSpace".utf8)),
        (.parallels, 0, Array("WithouFreSpacExt".utf8)),
        (.androidSparse, 0, [0x3A, 0xFF, 0x26, 0xED]),
        (.luks, 0, Array("LUKS".utf8) + [0xBA, 0xBE]), (.squashfs, 0, Array("hsqs".utf8)),
        (.xfs, 0, Array("XFSB".utf8)), (.cramfs, 0, [0x45, 0x3D, 0xCD, 0x28]),
        (.lvm, 512, Array("LABELONE".utf8)), (.ext, 1080, [0x53, 0xEF]),
        (.erofs, 1024, [0xE2, 0xE1, 0xF5, 0xE0]), (.swap, 4086, Array("SWAPSPACE2".utf8)),
        (.btrfs, 65_600, Array("_BHRfS_M".utf8)), (.script, 0, Array("#!".utf8)),
    ]

    /// The form of a file with these first bytes; `nil` for a disk and for unknown bytes.
    ///
    /// A disk has a GPT header, an ISO 9660 descriptor or a first sector that ends in 55 AA; boot
    /// code may start with anything, also with one of the marks.
    init?(startingWith start: [UInt8]) {
        func has(_ offset: Int, _ bytes: [UInt8]) -> Bool {
            start.dropFirst(offset).starts(with: bytes)
        }
        let header = Array("EFI PART".utf8)
        if SectorSize.allCases.contains(where: { has($0.rawValue, header) }) { return nil }
        if has(32_769, Array("CD001".utf8)) { return nil }
        let isBootSector = has(510, [0x55, 0xAA])
        let marks = Self.withSignature + (isBootSector ? [] : Self.marks)
        if let mark = marks.first(where: { has($0.offset, $0.bytes) }) {
            self = mark.form
        } else if isBootSector {
            return nil
        } else if Self.isPE(start) {
            self = .pe
        } else if has(0, [0x55, 0xAA]), start.count > 2, start[2] > 0 {
            self = .optionROM
        } else if Self.isText(start) {
            self = .text
        } else {
            return nil
        }
    }

    private static func isPE(_ start: [UInt8]) -> Bool {
        guard start.starts(with: [0x4D, 0x5A]), start.count > 64 else { return false }
        let header = Int(start[0x3C]) | Int(start[0x3D]) << 8
        return start.dropFirst(header).starts(with: [0x50, 0x45, 0, 0])
    }

    /// Whether it is UTF-8 with no other control characters than those of text.
    private static func isText(_ start: [UInt8]) -> Bool {
        let start = start.prefix(4096)
        guard !start.isEmpty, start.allSatisfy({ $0 >= 0x20 || (9...13).contains($0) }) else {
            return false
        }
        // The last character may be cut.
        let text = String(decoding: start, as: UTF8.self).unicodeScalars.dropLast(3)
        return !text.contains("\u{FFFD}")
    }
}
