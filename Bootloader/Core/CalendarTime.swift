/// A date and time of the Gregorian calendar, UTC.
struct CalendarTime {
    var year: Int64
    var month: Int64
    var day: Int64
    var hour: Int64
    var minute: Int64
    var second: Int64

    /// Seconds since 1970.
    var unixSeconds: Int64 {
        // Years start in March, so that a leap day is their last.
        let year = month > 2 ? year : year - 1
        let month = (month + 9) % 12
        let leapDays = year / 4 - year / 100 + year / 400
        let days = 365 * year + leapDays + (153 * month + 2) / 5 + day - 1 - 719_468
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }
}
