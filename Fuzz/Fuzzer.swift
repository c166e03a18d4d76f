import Libc

/// The reader that FUZZ_READER in the environment selects.
private let reader: Reader = {
    let name = getenv("FUZZ_READER").map { String(cString: $0) } ?? ""
    guard let reader = Reader(rawValue: name) else {
        fatalError(
            "FUZZ_READER is “\(name)”; it must be one of "
                + Reader.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return reader
}()

/// Called by libFuzzer at its start: writes the reader's seeds to the folder in FUZZ_SEEDS, if set.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _: UnsafeMutablePointer<CInt>?,
    _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
    if let folder = getenv("FUZZ_SEEDS") {
        do {
            try reader.writeSeeds(to: String(cString: folder))
        } catch {
            fatalError("the seeds cannot be written: \(error)")
        }
    }
    return 0
}

/// Called by libFuzzer, whose `main` this executable has: passes one input to the reader, which
/// traps on a fault.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    reader.read(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
