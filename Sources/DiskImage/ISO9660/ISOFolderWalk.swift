/// Reads all folders of an ISO 9660 volume (ECMA-119 §9.1), with the long names of Rock Ridge (RRIP
/// 1.12 §4.1.4) or Joliet.
struct ISOFolderWalk<Source: DiskSource> {
    let source: Source
    /// Whether the names are in UTF-16, most significant byte first.
    let isJoliet: Bool
    private(set) var hasRockRidge = false

    /// The most that is read of all folders: damaged ones may contain each other.
    private static var maximumByteCount: UInt64 { 64 << 20 }
    private static var longestPath: Int { 1024 }
    private static var shortestRecord: Int { 34 }
    private static var folderFlag: UInt8 { 2 }
    private static var block: UInt64 { ISOContents.blockByteCount }

    /// Returns folders and files, beginning with the root's record.
    mutating func files(from root: Region) throws(DiskReadError) -> [ISOContents.File] {
        var files = [
            ISOContents.File(path: "", isFolder: true, bytes: extent(of: root))
        ]
        var seen: Set<UInt64> = []
        var rest = Self.maximumByteCount
        var next = 0
        while next < files.count {
            let folder = files[next]
            next += 1
            let bytes = folder.bytes.clamped(to: 0..<source.byteCount.value)
            let length = bytes.upperBound - bytes.lowerBound
            guard folder.isFolder, length <= rest, seen.insert(bytes.lowerBound).inserted else {
                continue
            }
            rest -= length
            let entries = try source.region("", Int(length), at: bytes.lowerBound)
            for record in records(in: entries) {
                let file = file(of: record, in: folder)
                if file.path.utf8.count <= Self.longestPath { files.append(file) }
            }
        }
        return files
    }

    /// The records in a folder, without the first two, the folder itself and its parent; none
    /// crosses the end of a block.
    private func records(in entries: Region) -> [Region] {
        var records: [Region] = []
        var start = 0
        while start < entries.bytes.count {
            let length = Int(entries.bytes[start])
            if length == 0 {
                start = (start / Int(Self.block) + 1) * Int(Self.block)
                continue
            }
            guard length >= Self.shortestRecord, start + length <= entries.bytes.count,
                33 + Int(entries.bytes[start + 32]) <= length
            else { break }
            records.append(entries.part("", start..<start + length))
            start += length
        }
        return records.filter { !($0.bytes[32] == 1 && $0.bytes[33] <= 1) }
    }

    private mutating func file(of record: Region, in folder: ISOContents.File) -> ISOContents.File {
        ISOContents.File(
            path: "\(folder.path)/\(name(in: record))",
            isFolder: record.bytes[25] & Self.folderFlag != 0, bytes: extent(of: record))
    }

    private func extent(of record: Region) -> Range<UInt64> {
        let start = UInt64(record.number(at: 2, UInt32.self)) * Self.block
        return start..<start + UInt64(record.number(at: 10, UInt32.self))
    }

    /// The long name, or the one in the record without its version, which is always 1.
    private mutating func name(in record: Region) -> String {
        let end = 33 + Int(record.bytes[32])
        if let long = rockRidgeName(in: record, from: end.isMultiple(of: 2) ? end : end + 1) {
            hasRockRidge = true
            return long
        }
        let units = stride(from: 33, to: end - 1, by: 2).map {
            UInt16(record.bytes[$0]) << 8 | UInt16(record.bytes[$0 + 1])
        }
        let whole =
            isJoliet
            ? String(decoding: units, as: UTF16.self)
            : String(decoding: record.bytes[33..<end], as: UTF8.self)
        let name = whole.hasSuffix(";1") ? String(whole.dropLast(2)) : whole
        return !isJoliet && name.last == "." ? String(name.dropLast()) : name
    }

    /// The long name, in parts after the record's own name.
    private func rockRidgeName(in record: Region, from start: Int) -> String? {
        var place = start
        var name: [UInt8] = []
        while place + 5 <= record.bytes.count {
            let length = Int(record.bytes[place + 2])
            guard length >= 5, place + length <= record.bytes.count else { break }
            if record.bytes[place..<place + 2].elementsEqual("NM".utf8) {
                name += record.bytes[place + 5..<place + length]
            }
            place += length
        }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }
}
