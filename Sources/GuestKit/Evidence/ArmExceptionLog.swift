import HostSystem

/// Reads QEMU's log for the exception that caused all the later ones.
///
/// Returns are counted, which distinguishes exceptions that firmware and kernel handle from one
/// that is never returned from. Calls to semihosting and PSCI use no vector and are ignored. Lines
/// of several processors may be mixed.
struct ArmExceptionLog {
    /// How often the same exception repeats at a vector's own address before it counts as a loop.
    ///
    /// One would do, if the lines of two processors could not be mixed.
    private static let vectorLimit = 100
    /// The same limit at any other address, without a return.
    private static let repetitionLimit = 100_000

    /// The first error that was not returned from; a call or an interrupt only if its vector could
    /// not be executed.
    private(set) var root: ArmException?
    /// Whether the guest is caught in a loop of the same exception.
    private(set) var isEndless = false
    /// The root of such a loop.
    var endless: ArmException? { isEndless ? root : nil }

    private var draft: Draft?
    /// The previous exception, unless it was returned from.
    private var last: ArmException?
    private var repetitions = 0
    private var depth = 0
    private var rootDepth = 0

    mutating func take(_ line: String) {
        if isEndless { return }
        if let text = line.afterPrefix("...") {
            draft?.take(text)
            guard let exception = draft?.exception else { return }
            draft = nil
            take(exception)
        } else if let text = line.afterPrefix("Taking exception ") {
            draft = Draft(text)
        } else if line.hasPrefix("Exception return from AArch64 ") {
            depth = max(0, depth - 1)
            if depth < rootDepth { root = nil }
            last = nil
        }
    }

    private mutating func take(_ exception: ArmException) {
        depth += 1
        if root == nil, exception.isFault {
            if let last, last.vector == exception.returnAddress {
                (root, rootDepth) = (last, depth - 1)
            } else {
                (root, rootDepth) = (exception, depth)
            }
        }
        let isSame =
            last?.returnAddress == exception.returnAddress && last?.vector == exception.vector
        repetitions = isSame && exception.isFault ? repetitions + 1 : 0
        let isAtVector = exception.returnAddress == exception.vector
        isEndless = repetitions >= (isAtVector ? Self.vectorLimit : Self.repetitionLimit)
        last = exception
    }

    /// An exception whose lines have been read in part.
    private struct Draft {
        private let name: String
        private var syndrome: UInt64 = 0
        private var accessedAddress: UInt64?
        private var returnAddress: UInt64?
        private var vector: UInt64?

        /// Parses the text after “Taking exception ”, such as `4 [Data Abort] on CPU 0`.
        init?(_ text: Substring) {
            let parts = text.split(maxSplits: 2, omittingEmptySubsequences: false) {
                "[]".contains($0)
            }
            guard parts.count == 3 else { return nil }
            name = String(parts[1])
        }

        /// Parses the text after “...” in one of the next lines.
        mutating func take(_ text: Substring) {
            let words = text.split(separator: " ")
            guard words.count >= 3 else { return }
            switch (words[0], words[1]) {
            // CLASS/ESR.
            case ("with", "ESR"): syndrome = words[2].split(separator: "/").last?.hexNumber ?? 0
            case ("with", "FAR"): accessedAddress = words[2].hexNumber
            case ("with", "ELR"): returnAddress = words[2].hexNumber
            case ("to", _) where words[2] == "PC": vector = words.dropFirst(3).first?.hexNumber
            default: break
            }
        }

        var exception: ArmException? {
            guard let returnAddress, let vector else { return nil }
            return ArmException(
                name: name, syndrome: syndrome, accessedAddress: accessedAddress,
                returnAddress: returnAddress, vector: vector)
        }
    }
}
