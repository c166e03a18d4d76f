import CProcess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The signals that end this process or tell of a child's end, blocked and read one by one
/// instead, until this is deinitialised.
struct BlockedSignals: ~Copyable {
    /// Readable when there is a signal.
    let descriptor: Int32
    /// All of them.
    private(set) var set = sigset_t()
    private var previous = sigset_t()

    init() {
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGCHLD] { sigaddset(&set, number) }
        // Whoever ignores its children's ends cannot wait for them, and may have passed that on.
        signal(SIGCHLD, SIG_DFL)
        pthread_sigmask(SIG_BLOCK, &set, &previous)
        descriptor = open_signal_descriptor(&set)
    }

    deinit {
        // One that came too late is not to end a process that is ending, or the next program.
        while next() != nil {}
        close(descriptor)
        var previous = previous
        pthread_sigmask(SIG_SETMASK, &previous, nil)
    }

    /// The next signal that has come; nil if there is none.
    func next() -> Int32? {
        let number = next_signal(descriptor)
        return number == 0 ? nil : number
    }

    /// What was blocked before.
    func withPrevious<Result>(_ body: (UnsafePointer<sigset_t>) -> Result) -> Result {
        withUnsafePointer(to: previous, body)
    }
}
