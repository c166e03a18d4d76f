#if hasFeature(Embedded)
    import KernelRuntime
#endif

/// One named test of a kernel.
///
/// It fails if any of its checks fails, and may return early:
///
/// ```swift
/// KernelTest("has a screen") {
///     if bootInfo.testSentinel == 0 { return skip("no screen requested") }
///     guard let screen = expect(bootInfo.framebuffer) else { return }
///     expect(screen.width >= 640, "lines are long enough")
///     expect(screen.bytesPerPixel, equals: 4)
/// }
/// ```
///
/// A processor exception ends the whole run.
public struct KernelTest {
    private let name: StaticString
    private let body: () -> Void

    /// A test with a name, one line without `#`, and a body.
    public init(_ name: StaticString, _ body: @escaping () -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the test between its two lines of output.
    fileprivate func run() {
        #if hasFeature(Embedded)
            kernel_test_begin(name.characters)
            body()
            kernel_test_end(name.characters)
        #endif
    }
}

/// The tests of a kernel, or some of them.
///
/// An array would allocate memory, which a kernel under test may not support. So
/// ``KernelTests/tests`` is evaluated twice: first to count the tests, then to run each in place.
public struct TestList {
    /// Whether tests run in place or are only counted.
    nonisolated(unsafe) static var isRunning = false

    /// The number of tests.
    let count: Int
}

/// Builds a ``TestList`` from consecutive tests, which may be in an `if`.
@resultBuilder
public enum TestListBuilder {
    /// Counts or runs a test.
    public static func buildExpression(_ test: KernelTest) -> TestList {
        if TestList.isRunning { test.run() }
        return TestList(count: 1)
    }

    /// The first test.
    public static func buildPartialBlock(first: TestList) -> TestList { first }

    /// The next test.
    public static func buildPartialBlock(accumulated: TestList, next: TestList) -> TestList {
        TestList(count: accumulated.count + next.count)
    }

    /// An `if` without `else`.
    public static func buildOptional(_ list: TestList?) -> TestList { list ?? TestList(count: 0) }

    /// An `if` with `else` whose condition holds.
    public static func buildEither(first list: TestList) -> TestList { list }

    /// An `if` with `else` whose condition does not hold.
    public static func buildEither(second list: TestList) -> TestList { list }
}
