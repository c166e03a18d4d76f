#if hasFeature(Embedded)
    import KernelRuntime
#endif

/// One named test of a kernel.
///
/// It fails if any of its checks does, and may return early:
///
/// ```swift
/// KernelTest("has a screen") {
///     if bootInfo.testSentinel == 0 { return skip("nobody asked for one") }
///     guard let screen = expect(bootInfo.framebuffer) else { return }
///     expect(screen.width >= 640, "a line is long enough")
///     expect(screen.bytesPerPixel, equals: 4)
/// }
/// ```
///
/// One that ends in a processor exception ends the whole kernel.
public struct KernelTest {
    private let name: StaticString
    private let body: () -> Void

    /// Names a test, in one line without `#`, and says what it does.
    public init(_ name: StaticString, _ body: @escaping () -> Void) {
        self.name = name
        self.body = body
    }

    /// Does the test's work, between its two lines.
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
/// An array would need memory that a kernel has yet to manage. So what stands in
/// ``KernelTests/tests`` is gone through twice: first to count the tests, then to run each where it
/// stands.
public struct TestList {
    /// Whether tests run where they stand, or are counted.
    nonisolated(unsafe) static var isRunning = false

    /// How many tests there are.
    let count: Int
}

/// Makes a ``TestList`` of the tests that stand below one another, some of them in an `if` perhaps.
@resultBuilder
public enum TestListBuilder {
    /// A test: counts it or runs it.
    public static func buildExpression(_ test: KernelTest) -> TestList {
        if TestList.isRunning { test.run() }
        return TestList(count: 1)
    }

    /// The first test.
    public static func buildPartialBlock(first: TestList) -> TestList { first }

    /// One more.
    public static func buildPartialBlock(accumulated: TestList, next: TestList) -> TestList {
        TestList(count: accumulated.count + next.count)
    }

    /// An `if` without `else`.
    public static func buildOptional(_ list: TestList?) -> TestList { list ?? TestList(count: 0) }

    /// An `if` with `else`, where the condition holds.
    public static func buildEither(first list: TestList) -> TestList { list }

    /// An `if` with `else`, where the condition does not hold.
    public static func buildEither(second list: TestList) -> TestList { list }
}
