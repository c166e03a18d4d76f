import DiskImage

extension FATTimestamp {
    /// The moment in ASN.1 (UTCTime, RFC 5280, section 4.1.2.5.1), which ends with the year 2049.
    var utcTime: String {
        let year = min(Int(date >> 9) + 1980, 2049)
        let parts = [
            year % 100, Int(date >> 5 & 0xF), Int(date & 0x1F), Int(time >> 11),
            Int(time >> 5 & 0x3F), Int(time & 0x1F) * 2,
        ]
        return parts.map { ($0 < 10 ? "0" : "") + "\($0)" }.joined() + "Z"
    }
}
