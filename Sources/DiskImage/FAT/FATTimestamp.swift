/// A time as FAT stores it: UTC, in steps of two seconds, 1980…2107 (FAT 1.03 §6.1).
public struct FATTimestamp: Hashable, Sendable, CustomStringConvertible {
    /// Bits 15–9 the year since 1980, 8–5 the month, 4–0 the day.
    public let date: UInt16
    /// Bits 15–11 the hour, 10–5 the minute, 4–0 half the second.
    public let time: UInt16

    /// The time with these two fields.
    public init(date: UInt16, time: UInt16) {
        self.date = date
        self.time = time
    }

    /// The time `unixSeconds` after 1970-01-01 00:00 UTC, clamped to FAT's range.
    public init(unixSeconds: Int64) {
        let seconds = min(max(unixSeconds, Self.firstSecond), Self.lastSecond)
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = Self.civilDate(daysSince1970: days)
        date = UInt16((year - 1980) << 9 | month << 5 | day)
        time = UInt16((second / 3600) << 11 | (second / 60 % 60) << 5 | second % 60 / 2)
    }

    /// 1980-01-01 00:00, the start of FAT's range.
    public static let epoch = Self(unixSeconds: firstSecond)

    private static let firstSecond: Int64 = 315_532_800
    /// 2107-12-31 23:59:58.
    private static let lastSecond: Int64 = 4_354_819_198

    /// The Gregorian date of a day not before 1970.
    ///
    /// Counts from 1968-03-01, so that a leap day ends its year and its four-year cycle. Within
    /// FAT's range every fourth year except 2100 is a leap year, so the days from 2100-03-01 on
    /// count as if 2100 had a leap day.
    private static func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let daysBefore1970: Int64 = 671
        let firstOfMarch2100: Int64 = 47_541
        let missing: Int64 = daysSince1970 >= firstOfMarch2100 ? 1 : 0
        let days = daysSince1970 + daysBefore1970 + missing
        let (cycle, dayOfCycle) = days.quotientAndRemainder(dividingBy: 4 * 365 + 1)
        let yearOfCycle = min(dayOfCycle / 365, 3)
        let dayOfYear = dayOfCycle - 365 * yearOfCycle
        // From March on, months of 31, 30, 31, 30, 31 days repeat every 153 days.
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let year = 1968 + 4 * cycle + yearOfCycle
        return month < 10 ? (year, month + 3, day) : (year + 1, month - 9, day)
    }

    /// Date and time as stored, such as `1980-01-01 00:00:00`, valid or not.
    public var description: String {
        let texts = fields.map { padded($0, to: 2) }
        return texts[..<3].joined(separator: "-") + " " + texts[3...].joined(separator: ":")
    }

    /// Year, month, day, hour, minute, second.
    var fields: [Int] {
        [
            Int(date >> 9) + 1980, Int(date >> 5 & 0xF), Int(date & 0x1F),
            Int(time >> 11), Int(time >> 5 & 0x3F), Int(time & 0x1F) * 2,
        ]
    }
}
