import DiskImage

/// The file with firmware's variables for QEMU, as EDK II lays it out (its
/// MdeModulePkg/Include/Guid/VariableFormat.h): a firmware volume whose first part is a list of
/// variables, in flash whose empty bytes are 0xFF.
package struct VariableStore {
    /// Why keys cannot be enrolled in a file.
    package enum Problem: Error, Equatable {
        /// Not a store of EDK II's authenticated variables.
        case unknownFormat
        case full
    }

    /// gEfiSystemNvDataFvGuid.
    private static let volumeType = GUID(high: 0xFFF1_2B8D_7696_4C8B, low: 0xA985_2747_075B_4F50)
    /// gEfiAuthenticatedVariableGuid.
    private static let storeType = GUID(high: 0xAAF3_2C78_947B_439A, low: 0xA180_2E14_4EC3_7792)
    private static let storeHeaderByteCount = 28
    private static let headerByteCount = 60
    private static let startOfVariable: UInt16 = 0x55AA
    /// States are bits that flash can clear, one after the other.
    private static let added: UInt8 = 0x3F
    private static let deletedMask: UInt8 = 0xFD

    private(set) var bytes: [UInt8]
    private let area: Range<Int>

    init(_ bytes: [UInt8]) throws(Problem) {
        guard let area = (try? Self.area(in: bytes)) ?? nil else { throw .unknownFormat }
        (self.bytes, self.area) = (bytes, area)
    }

    /// The area for variables by the headers; nil if they have other types.
    private static func area(in bytes: [UInt8]) throws(FormatError) -> Range<Int>? {
        var volume = ByteReader(bytes, structure: "firmware volume")
        try volume.skip(16)
        let type: GUID = try volume.read()
        let byteCount: UInt64 = try volume.read()
        let signature: UInt32 = try volume.read()
        try volume.skip(4)
        let header = Int(try volume.read(UInt16.self))
        guard type == volumeType, signature == 0x4856_465F, byteCount <= bytes.count,
            header <= bytes.count
        else { return nil }
        var store = ByteReader(bytes[header...], structure: "variable store")
        let foundType: GUID = try store.read()
        let storeByteCount = Int(try store.read(UInt32.self))
        // Formatted, and healthy.
        guard foundType == storeType, try store.read() == UInt16(0xFE5A),
            storeByteCount >= storeHeaderByteCount, header + storeByteCount <= bytes.count
        else { return nil }
        return header + storeHeaderByteCount..<header + storeByteCount
    }

    /// The valid variables, in the order in which they were written.
    var variables: [FirmwareVariable] {
        entries.filter { bytes[$0.range.lowerBound + 2] == Self.added }.map(\.variable)
    }

    /// Adds a variable, and deletes an older one with its name.
    mutating func set(_ variable: FirmwareVariable) throws(Problem) {
        let entries = entries
        let start = entries.last.map { Self.aligned($0.range.upperBound) } ?? area.lowerBound
        let name = variable.nameBytes + [0, 0]
        let byteCount = Self.headerByteCount + name.count + variable.data.count
        guard start + byteCount <= area.upperBound else { throw .full }
        for (range, old) in entries where old.name == variable.name && old.vendor == variable.vendor
        {
            bytes[range.lowerBound + 2] &= Self.deletedMask
        }
        let entry = ByteWriter.write(byteCount) { writer in
            writer.append(Self.startOfVariable)
            writer.append(Self.added)
            writer.append(UInt8(0))
            writer.append(variable.attributes)
            // Monotonic count, time and key index are zero, so that any update is newer.
            writer.appendZeros(8 + AuthenticatedUpdate.timeByteCount + 4)
            writer.append(UInt32(name.count))
            writer.append(UInt32(variable.data.count))
            writer.append(variable.vendor)
            writer.append(name)
            writer.append(variable.data)
        }
        bytes.replaceSubrange(start..<start + byteCount, with: entry)
    }

    mutating func removeAll() {
        bytes.replaceSubrange(area, with: repeatElement(0xFF, count: area.count))
    }

    /// All variables, including deleted ones.
    private var entries: [(range: Range<Int>, variable: FirmwareVariable)] {
        var entries: [(Range<Int>, FirmwareVariable)] = []
        var start = area.lowerBound
        while start < area.upperBound, let entry = entry(at: start) {
            entries.append(entry)
            start = Self.aligned(entry.range.upperBound)
        }
        return entries
    }

    private func entry(at start: Int) -> (range: Range<Int>, variable: FirmwareVariable)? {
        var reader = ByteReader(bytes[start..<area.upperBound], structure: "variable")
        do throws(FormatError) {
            guard try reader.read() == Self.startOfVariable else { return nil }
            try reader.skip(2)
            let attributes: UInt32 = try reader.read()
            try reader.skip(8 + AuthenticatedUpdate.timeByteCount + 4)
            let name = Int(try reader.read(UInt32.self))
            let data = Int(try reader.read(UInt32.self))
            let vendor: GUID = try reader.read()
            let units = Array(try reader.read(name))
            let characters = stride(from: 0, to: max(units.count - 3, 0), by: 2).map {
                UInt16(units[$0]) | UInt16(units[$0 + 1]) << 8
            }
            let variable = FirmwareVariable(
                name: String(decoding: characters, as: UTF16.self), vendor: vendor,
                attributes: attributes, data: Array(try reader.read(data)))
            return (start..<start + Self.headerByteCount + units.count + data, variable)
        } catch {
            return nil
        }
    }

    /// Variables start where their offset is a multiple of 4.
    private static func aligned(_ offset: Int) -> Int { (offset + 3) & ~3 }
}
