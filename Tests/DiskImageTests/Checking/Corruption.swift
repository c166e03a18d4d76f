import Testing

@testable import DiskImage

/// A fault in a sound image, and the rule that must report it.
struct Corruption: CustomTestStringConvertible, Sendable {
    typealias Change = @Sendable (inout MemoryImage) -> Void

    enum Firmware: Sendable { case bios, uefi, hybrid, disc }

    let rule: ImageRule
    let firmware: Firmware
    let words: String
    let change: Change

    var testDescription: String { "\(rule): \(words)" }

    init(
        _ rule: ImageRule, _ words: String, _ firmware: Firmware = .uefi,
        change: @escaping Change
    ) {
        (self.rule, self.words, self.firmware, self.change) = (rule, words, firmware, change)
    }

    /// The image with the fault.
    var image: MemoryImage {
        var image =
            switch firmware {
            case .bios: SoundImage.bios
            case .uefi: SoundImage.uefi
            case .hybrid: SoundImage.hybrid
            case .disc: SoundImage.disc
            }
        change(&image)
        return image
    }

    static let all = disk + gpt + payload + volume + tables + folders + files + discs
}

/// Places in the samples.
extension MemoryImage {
    static let mbrEntry = 446
    static let gptHeader = 512
    static let gptEntries = 1024
    static let partition = 1 << 20

    var backupHeader: Int { bytes.count - 512 }
    var backupEntries: Int { bytes.count - 33 * 512 }
    var bootSector: Int { offset(of: "FAT32 boot sector") }
    var info: Int { offset(of: "FSInfo") }
    var loader: Int { offset(of: "EFI/BOOT/BOOTX64.EFI") }
    /// Where the loader's PE header starts.
    var peHeader: Int { loader + Int(number(at: loader + 0x3C, UInt32.self)) }

    /// The offset of the entry with that short name of eleven bytes.
    func entry(_ name: String, in folder: String = "folder /") -> Int {
        let start = offset(of: folder)
        let names = stride(from: start, to: start + 4096, by: 32)
        return names.first { bytes[$0..<$0 + 11].elementsEqual(name.utf8) } ?? -1
    }

    func cluster(of entry: Int) -> Int {
        Int(number(at: entry + 26, UInt16.self)) | Int(number(at: entry + 20, UInt16.self)) << 16
    }

    /// Sets an entry in both FATs.
    mutating func setFAT(_ cluster: Int, to value: UInt32) {
        for table in ["FAT 1", "FAT 2"] { set(value, at: offset(of: table) + 4 * cluster) }
    }

    /// Updates the checksums of both copies of the GPT.
    mutating func sealGPT() {
        for (header, entries) in [
            (Self.gptHeader, Self.gptEntries), (backupHeader, backupEntries),
        ] {
            let table = Array(bytes[entries..<entries + 128 * 128])
            set(CRC32.ieee.checksum(table), at: header + 88)
            set(UInt32(0), at: header + 16)
            set(CRC32.ieee.checksum(Array(bytes[header..<header + 92])), at: header + 16)
        }
    }

    /// Sets a field in both headers and updates the checksums.
    mutating func setGPT(_ number: some FixedWidthInteger & UnsignedInteger, at field: Int) {
        set(number, at: Self.gptHeader + field)
        set(number, at: backupHeader + field)
        sealGPT()
    }

    /// Sets bytes of an entry in both copies and updates the checksums.
    mutating func setGPTEntry(_ index: Int, _ new: some Collection<UInt8>, at field: Int) {
        for entries in [Self.gptEntries, backupEntries] {
            set(new, at: entries + 128 * index + field)
        }
        sealGPT()
    }

    /// Updates the checksum of the payload header.
    mutating func sealPayload() {
        let start = offset(of: "payload header")
        set(UInt32(0), at: start + 16)
        set(CRC32.ieee.checksum(Array(bytes[start..<start + 512])), at: start + 16)
    }
}
