/// What the loader tells a debugger before it starts the kernel.
struct LoaderWait: Equatable {
    /// The kernel's first instruction.
    let entry: UInt64
    /// By how much the loader has moved the kernel.
    let slide: UInt64
    /// Where a word is that holds 0 as long as the loader is to wait.
    let word: UInt64
}

extension LoaderWait {
    /// The numbers in the order in which the loader says them; nil unless there are three.
    init?(numbers: [UInt64]) {
        guard numbers.count == 3 else { return nil }
        self.init(entry: numbers[0], slide: numbers[1], word: numbers[2])
    }
}
