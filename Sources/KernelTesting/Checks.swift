#if hasFeature(Embedded)
    import KernelRuntime
#endif

/// Marks the test as failed unless a condition holds, says where, and goes on.
///
/// Returns the condition, so that `guard expect(…) else { return }` ends the test.
@discardableResult
public func expect(
    _ condition: Bool, _ comment: StaticString = "", fileID: StaticString = #fileID,
    line: UInt = #line
) -> Bool {
    if !condition { tell("expectation failed", comment, fileID, line) }
    return condition
}

/// Marks the test as failed if there is no value, says where, and goes on.
///
/// Returns the optional, so that `guard let value = expect(…) else { return }` ends the test.
@discardableResult
public func expect<Value>(
    _ optional: Value?, _ comment: StaticString = "", fileID: StaticString = #fileID,
    line: UInt = #line
) -> Value? {
    if optional == nil { tell("expected a value", comment, fileID, line) }
    return optional
}

/// Marks the test as failed unless two integers are equal, prints both, and goes on.
///
/// Of integers longer than 64 bits the lowest 64 are printed. Returns whether they are equal.
@discardableResult
public func expect<Number: FixedWidthInteger>(
    _ found: Number, equals expected: Number, _ comment: StaticString = "",
    fileID: StaticString = #fileID, line: UInt = #line
) -> Bool {
    if found != expected {
        tell(
            found: UInt64(truncatingIfNeeded: found),
            expected: UInt64(truncatingIfNeeded: expected), isSigned: Number.isSigned, comment,
            fileID, line)
    }
    return found == expected
}

/// Makes the test a skipped one, unless a check of it fails: `return skip("no such hardware")`.
///
/// The reason is one line.
public func skip(_ reason: StaticString) {
    #if hasFeature(Embedded)
        kernel_test_skip(reason.characters)
    #endif
}

/// Ends all tests, because it makes no sense to go on: prints the reason, of one line, and ends
/// QEMU with failure.
public func bailOut(_ reason: StaticString) -> Never {
    #if hasFeature(Embedded)
        kernel_test_bail_out(reason.characters)
    #else
        preconditionFailure("no tests run on the host")
    #endif
}

private func tell(
    _ what: StaticString, _ comment: StaticString, _ fileID: StaticString, _ line: UInt
) {
    #if hasFeature(Embedded)
        kernel_test_check(
            false, what.characters, comment.characters, fileID.characters, Int32(line))
    #endif
}

private func tell(
    found: UInt64, expected: UInt64, isSigned: Bool, _ comment: StaticString,
    _ fileID: StaticString, _ line: UInt
) {
    #if hasFeature(Embedded)
        kernel_test_check_equal(
            found, expected, isSigned, comment.characters, fileID.characters, Int32(line))
    #endif
}

extension StaticString {
    /// The text as C has it: a literal ends with a zero.
    var characters: UnsafePointer<CChar> {
        UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
