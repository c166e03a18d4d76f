/// A moment as ISO 9660 stores it, in UTC.
struct ISOTime {
    private let fields: [Int]

    init(_ timestamp: FATTimestamp) {
        let (date, time) = (Int(timestamp.date), Int(timestamp.time))
        fields = [
            1980 + date >> 9, date >> 5 & 15, date & 31,
            time >> 11, time >> 5 & 63, time & 31 * 2,
        ]
    }

    /// Seven bytes, as directories have it (ECMA-119 §9.1.5): years count from 1900.
    var short: [UInt8] {
        fields.enumerated().map { UInt8($0 == 0 ? $1 - 1900 : $1) } + [0]
    }

    /// Seventeen bytes, as descriptors have it (ECMA-119 §8.4.26.1): digits, then the time zone.
    var long: [UInt8] {
        let digits = fields.enumerated().map { index, field in
            let text = String(field)
            return String(repeating: "0", count: (index == 0 ? 4 : 2) - text.count) + text
        }
        return Array((digits.joined() + "00").utf8) + [0]
    }

    /// A moment that is not told.
    static let none = [UInt8](repeating: UInt8(ascii: "0"), count: 16) + [0]
}
