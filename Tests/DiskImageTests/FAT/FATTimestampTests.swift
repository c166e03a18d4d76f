import Foundation
import Testing

@testable import DiskImage

@Suite struct FATTimestampTests {
    @Test(
        arguments: [
            (0, 1980, 1, 1, 0, 0, 0), (315_532_799, 1980, 1, 1, 0, 0, 0),
            (951_827_696, 2000, 2, 29, 12, 34, 56), (1_000_000_001, 2001, 9, 9, 1, 46, 40),
            (4_354_819_199, 2107, 12, 31, 23, 59, 58), (.max, 2107, 12, 31, 23, 59, 58),
            (.min, 1980, 1, 1, 0, 0, 0),
        ] as [(Int64, UInt16, UInt16, UInt16, UInt16, UInt16, UInt16)])
    func `seconds since 1970 are converted and clamped`(
        seconds: Int64, year: UInt16, month: UInt16, day: UInt16, hour: UInt16, minute: UInt16,
        second: UInt16
    ) {
        let timestamp = FATTimestamp(unixSeconds: seconds)
        #expect(timestamp.date == (year - 1980) << 9 | month << 5 | day)
        #expect(timestamp.time == hour << 11 | minute << 5 | second / 2)
    }

    @Test func `every day matches the calendar`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for day in stride(from: Int64(3652), to: 50_403, by: 1) {
            let date = Date(timeIntervalSince1970: TimeInterval(day * 86_400))
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let expected = try UInt16(
                (#require(parts.year) - 1980) << 9 | #require(parts.month) << 5
                    | #require(parts.day))
            try #require(FATTimestamp(unixSeconds: day * 86_400).date == expected, "day \(day)")
        }
    }
}
