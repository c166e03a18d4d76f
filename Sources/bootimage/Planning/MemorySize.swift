/// An amount of memory as QEMU takes it: `256M`, `2G`.
struct MemorySize: Equatable, Sendable {
    static let usual = MemorySize(text: "256M")

    let text: String

    private init(text: String) { self.text = text }

    /// Reads a whole number of MiB or GiB, at most 1 TiB; without a letter it counts MiB.
    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0 else { return nil }
        switch argument.dropFirst(digits.count).uppercased() {
        case "", "M", "MIB": if number > 1 << 20 { return nil } else { text = "\(number)M" }
        case "G", "GIB": if number > 1 << 10 { return nil } else { text = "\(number)G" }
        default: return nil
        }
    }
}
