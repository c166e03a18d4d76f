/// Why ``BootImage`` did not plan or write an image.
///
/// The output, if there is one, holds its old content.
public struct BootImageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Kinds of errors.
    public enum Code: Equatable, Sendable {
        /// The options contradict each other, or the kernel: an image for BIOS of a kernel for
        /// AArch64, for example.
        case invalidOptions
        /// A kernel, a boot.json or a path is not acceptable, or the contents do not fit.
        case badInput
        /// An input does not exist or is not readable.
        case inputMissing
        /// A program that the options require is not on `PATH`.
        case programMissing
        /// The output cannot be created.
        case outputNotCreated
        /// Reading or writing failed midway.
        case inputOutput
        /// Another program did not end in time.
        case timedOut
        /// This process received a signal while another program ran.
        case interrupted(signal: Int32)
    }

    package let cause: BuildError

    init(_ cause: BuildError) { self.cause = cause }

    /// The kind of error.
    public var code: Code { cause.code }

    /// The cause with its values, on one line, for logs.
    public var description: String { "\(code): \(cause)" }
}
