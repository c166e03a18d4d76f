package import SystemPackage

/// An event that the writer process reports to its supervisor, one line each.
package enum FlashEvent: Equatable {
    package enum Step: String, CaseIterable {
        case clearing, writing, flushing, comparing, finishing
    }

    /// The number of bytes that are done in that step.
    case progress(Step, UInt64)
    case failed(FlashProblem)
    case done

    /// The line, without a line feed.
    package var line: String {
        switch self {
        case .progress(let step, let count): "progress \(step.rawValue) \(count)"
        case .failed(.device(let step, let errno, let offset)):
            "device \(step.rawValue) \(errno.rawValue) \(offset)"
        case .failed(.image(let offset, let cause)): "image \(offset) \(cause)"
        case .failed(.differs(let offset, let found, let written)):
            "differs \(offset) \(found) \(written)"
        case .done: "done"
        }
    }

    package init?(line: Substring) {
        let words = line.split(separator: " ", maxSplits: 3)
        let numbers = words.map { UInt64($0) ?? 0 }
        switch (words.first, words.count) {
        case ("progress", 3):
            guard let step = Step(rawValue: String(words[1])) else { return nil }
            self = .progress(step, numbers[2])
        case ("device", 4):
            guard let step = Step(rawValue: String(words[1])) else { return nil }
            let errno = Errno(rawValue: Int32(truncatingIfNeeded: numbers[2]))
            self = .failed(.device(step, errno, at: numbers[3]))
        case ("image", 3...):
            let cause = words[2...].joined(separator: " ")
            self = .failed(.image(at: numbers[1], cause: cause))
        case ("differs", 4):
            self = .failed(
                .differs(
                    at: numbers[1], found: UInt8(truncatingIfNeeded: numbers[2]),
                    written: UInt8(truncatingIfNeeded: numbers[3])))
        case ("done", 1): self = .done
        default: return nil
        }
    }
}

package enum FlashProblem: Error, Equatable {
    case device(FlashEvent.Step, Errno, at: UInt64)
    case image(at: UInt64, cause: String)
    /// The first byte that differs from what was written.
    case differs(at: UInt64, found: UInt8, written: UInt8)
}
