import Libc
import SystemPackage

/// A header of GNU's tar format (GNU tar manual, "Basic Tar Format"), which has owners, modes and
/// times in seconds, as the archives of GNU tar itself.
struct TarHeader {
    static let blockSize = 512
    /// The longest name that fits into a header; a longer one gets an entry of its own before.
    private static let nameLimit = 100

    private enum Kind: Character {
        case regular = "0"
        case hardLink = "1"
        case symbolicLink = "2"
        case characterDevice = "3"
        case blockDevice = "4"
        case folder = "5"
        case pipe = "6"
        case longTarget = "K"
        case longName = "L"
    }

    /// All blocks of the entry but its data.
    let bytes: [UInt8]
    /// How much data follows, before it is padded to whole blocks.
    let dataByteCount: Int

    init(_ entry: SourceTree.Entry) {
        let status = entry.status
        var (name, target) = (entry.path.bytes, (entry.original ?? entry.target)?.bytes ?? [])
        var byteCount = 0
        let kind: Kind
        switch status.st_mode & S_IFMT {
        case _ where entry.original != nil: kind = .hardLink
        case S_IFLNK: kind = .symbolicLink
        case S_IFCHR: kind = .characterDevice
        case S_IFBLK: kind = .blockDevice
        case S_IFIFO: kind = .pipe
        case S_IFDIR:
            kind = .folder
            name.append(UInt8(ascii: "/"))
        default:
            kind = .regular
            byteCount = status.st_size
        }
        var blocks: [UInt8] = []
        if target.count > Self.nameLimit { blocks += Self.long(.longTarget, &target) }
        if name.count > Self.nameLimit { blocks += Self.long(.longName, &name) }
        bytes = blocks + Self.block(kind, name, target, status, byteCount)
        dataByteCount = byteCount
    }

    /// How many bytes complete a block.
    static func padding(_ byteCount: Int) -> Int { (blockSize - byteCount % blockSize) % blockSize }

    /// The entry that holds a name too long for the next one, and cuts it there.
    private static func long(_ kind: Kind, _ name: inout [UInt8]) -> [UInt8] {
        let data = name + [0]
        name = Array(name.prefix(nameLimit))
        let header = block(kind, Array("././@LongLink".utf8), [], stat(), data.count)
        return header + data + [UInt8](repeating: 0, count: padding(data.count))
    }

    private static func block(
        _ kind: Kind, _ name: [UInt8], _ target: [UInt8], _ status: stat, _ byteCount: Int
    ) -> [UInt8] {
        var bytes = padded(name, to: nameLimit)
        bytes += number(Int(status.st_mode & 0o7777), width: 8)
        bytes += number(Int(status.st_uid), width: 8) + number(Int(status.st_gid), width: 8)
        bytes += number(byteCount, width: 12) + number(status.st_mtim.tv_sec, width: 12)
        let checksumField = bytes.endIndex..<bytes.endIndex + 8
        bytes += [UInt8](repeating: UInt8(ascii: " "), count: 8) + kind.rawValue.utf8
        bytes += padded(target, to: nameLimit) + Array("ustar  \0".utf8)
        // Without names of users, numbers count.
        bytes += [UInt8](repeating: 0, count: 64)
        let isDevice = kind == .characterDevice || kind == .blockDevice
        let device = isDevice ? status.st_rdev : 0
        // As major() and minor() of sysmacros.h take it apart.
        let major = device >> 32 & 0xFFFF_F000 | device >> 8 & 0xFFF
        let minor = device >> 12 & 0xFFFF_FF00 | device & 0xFF
        bytes += number(Int(major), width: 8) + number(Int(minor), width: 8)
        bytes = padded(bytes, to: blockSize)
        let sum = bytes.reduce(0) { $0 + Int($1) }
        bytes.replaceSubrange(checksumField, with: number(sum, width: 7) + [UInt8(ascii: " ")])
        return bytes
    }

    private static func padded(_ bytes: [UInt8], to count: Int) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: count - bytes.count)
    }

    /// Octal digits and a zero byte, or what does not fit as a binary number with 0x80 or, if it
    /// is negative, 0xFF before it.
    private static func number(_ value: Int, width: Int) -> [UInt8] {
        let digits = String(value, radix: 8).utf8
        if value >= 0, digits.count < width {
            let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: width - 1 - digits.count)
            return zeros + digits + [0]
        }
        var bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> min(8 * $0, 63)) }
        bytes[width - 1] = value < 0 ? 0xFF : 0x80
        return bytes.reversed()
    }
}

extension FilePath {
    fileprivate var bytes: [UInt8] {
        withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }
}
