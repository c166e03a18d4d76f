/// This process was asked to end.
struct InterruptedError: Error {
    let signal: Int32
}
