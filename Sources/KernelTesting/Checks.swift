#if hasFeature(Embedded)
    import KernelRuntime
#endif

/// Marks the test as failed unless a condition holds, reports the place, and continues.
///
/// Returns the condition, so that `guard expect(…) else { return }` ends the test.
@discardableResult
public func expect(
    _ condition: Bool, _ comment: StaticString = "", fileID: StaticString = #fileID,
    line: UInt = #line
) -> Bool {
    if !condition { report("expectation failed", comment, fileID, line) }
    return condition
}

/// Marks the test as failed if there is no value, reports the place, and continues.
///
/// Returns the optional, so that `guard let value = expect(…) else { return }` ends the test.
@discardableResult
public func expect<Value>(
    _ optional: Value?, _ comment: StaticString = "", fileID: StaticString = #fileID,
    line: UInt = #line
) -> Value? {
    if optional == nil { report("expected a value", comment, fileID, line) }
    return optional
}

/// Marks the test as failed unless two integers are equal, prints both, and continues.
///
/// Only the lowest 64 bits of longer integers are printed. Returns whether they are equal.
@discardableResult
public func expect<Number: FixedWidthInteger>(
    _ found: Number, equals expected: Number, _ comment: StaticString = "",
    fileID: StaticString = #fileID, line: UInt = #line
) -> Bool {
    if found != expected {
        report(
            found: UInt64(truncatingIfNeeded: found),
            expected: UInt64(truncatingIfNeeded: expected), isSigned: Number.isSigned, comment,
            fileID, line)
    }
    return found == expected
}

/// Marks the test as skipped unless one of its checks fails: `return skip("no such hardware")`.
///
/// The reason must be one line.
public func skip(_ reason: StaticString) {
    #if hasFeature(Embedded)
        kernel_test_skip(reason.characters)
    #endif
}

/// Aborts the run if it is pointless to continue: prints the reason, one line, and ends QEMU with
/// failure.
public func bailOut(_ reason: StaticString) -> Never {
    #if hasFeature(Embedded)
        kernel_test_bail_out(reason.characters)
    #else
        preconditionFailure("tests run in the guest only")
    #endif
}

private func report(
    _ what: StaticString, _ comment: StaticString, _ fileID: StaticString, _ line: UInt
) {
    #if hasFeature(Embedded)
        kernel_test_check(
            false, what.characters, comment.characters, fileID.characters, Int32(line))
    #endif
}

private func report(
    found: UInt64, expected: UInt64, isSigned: Bool, _ comment: StaticString,
    _ fileID: StaticString, _ line: UInt
) {
    #if hasFeature(Embedded)
        kernel_test_check_equal(
            found, expected, isSigned, comment.characters, fileID.characters, Int32(line))
    #endif
}

extension StaticString {
    /// The text as a C string: the compiler terminates literals with a zero.
    var characters: UnsafePointer<CChar> {
        UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
