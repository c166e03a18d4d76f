import Testing

@testable import DiskImage
@testable import FlashKit
@testable import bootimage

/// The progress line while a device is written.
struct FlashProgressTests {
    /// An image of zeros.
    private struct Zeros: DiskSource {
        let byteCount: ByteCount

        func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
            Array(repeating: 0, count: count)
        }
    }

    private static func progress() throws -> FlashProgress {
        let image = Zeros(byteCount: ByteCount(11 << 20))
        return FlashProgress(
            try FlashPlan(image, sectorSize: .bytes512, deviceByteCount: 11 << 20))
    }

    @Test func `rate and time left count from the step's start`() throws {
        var progress = try Self.progress()
        #expect(
            progress.line(.clearing, 0, at: .zero) == "clearing the first sectors")
        #expect(
            progress.line(.writing, 0, at: .seconds(10)) == "writing    0 %, 0 B of 10.4 MB")
        #expect(
            progress.line(.writing, 1 << 20, at: .seconds(12))
                == "writing    10 %, 1.0 MB of 10.4 MB, 524 kB/s, 0:18 left")
        #expect(
            progress.line(.comparing, 11 << 20, at: .seconds(40))
                == "comparing  100 %, 11.5 MB of 11.5 MB")
        #expect(
            progress.line(.comparing, 11 << 20, at: .seconds(41))
                == "comparing  100 %, 11.5 MB of 11.5 MB, 11.5 MB/s, 0:00 left")
    }

    @Test func `there are at most five lines a second`() throws {
        var progress = try Self.progress()
        let moments = stride(from: 0, through: 1000, by: 10).map { Duration.milliseconds($0) }
        let lines = moments.compactMap { progress.line(.writing, 1 << 20, at: $0) }
        #expect(lines.count == 6)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (99_999, "99.9 kB"), (999_999, "999 kB"),
        (30_784_094_208, "30.7 GB"), (UInt64.max, "18446 PB"),
    ])
    func `lengths are written as on the stick`(_ byteCount: UInt64, _ text: String) {
        #expect(Size.decimal(byteCount) == text)
    }
}
