package import SystemPackage

/// What the process that writes tells the one that watches it: a line of words for each.
package enum FlashEvent: Equatable {
    /// What it is doing.
    package enum Step: String, CaseIterable {
        case clearing, writing, flushing, comparing, finishing
    }

    /// How many bytes of that step are done.
    case progress(Step, UInt64)
    case failed(FlashProblem)
    case done
}

/// Why a device does not hold what it should.
package enum FlashProblem: Error, Equatable {
    /// The device, in that step.
    case device(FlashEvent.Step, Errno, at: UInt64)
    /// The image could not be read there.
    case image(at: UInt64, cause: String)
    /// The first byte that is not as it was written.
    case differs(at: UInt64, found: UInt8, written: UInt8)
}

extension FlashEvent {
    /// Without the line's end.
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

    /// Reads a line; nil if it is none of these.
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
