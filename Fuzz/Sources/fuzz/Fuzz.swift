import Glibc

/// The reader that the environment names.
private let reader: @Sendable ([UInt8]) -> Void = {
    let name = getenv("FUZZ_READER").map { String(cString: $0) }
    switch name {
    case "elf": return readKernel
    case "config": return readConfiguration
    case "boot-json": return readBootJSON
    case "image": return readImage
    case "settings": return readSettings
    default: fatalError("FUZZ_READER must be elf, config, boot-json, image or settings")
    }
}()

/// Gives the reader an input of libFuzzer, whose the main function is; one that shows a fault
/// does not return.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    reader(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
