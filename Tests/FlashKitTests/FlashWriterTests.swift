import SystemPackage
import Testing

@testable import DiskImage
@testable import FlashKit

/// What is written to a device, in which order, and what happens after errors.
struct FlashWriterTests {
    private static let mebibyte = 1 << 20
    /// Bytes in which no two adjacent pieces are equal.
    private static let image = ImageInMemory(
        bytes: (0..<3 * mebibyte + 4096).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) })

    /// A device and an attempt to write to it.
    private struct Attempt {
        let device: FaultyDevice
        let plan: FlashPlan
        var problem: FlashProblem?
        var events: [FlashEvent] = []
        var pauses: [Duration] = []

        init(
            byteCount: Int = 8 * mebibyte, image: ImageInMemory = FlashWriterTests.image,
            _ prepare: (FaultyDevice) -> Void = { _ in }
        ) throws {
            device = FaultyDevice(byteCount: byteCount)
            prepare(device)
            plan = try FlashPlan(
                image, sectorSize: .bytes512, deviceByteCount: UInt64(byteCount))
            var (events, pauses): ([FlashEvent], [Duration]) = ([], [])
            let writer = FlashWriter(
                plan: plan, image: image, target: device, pause: { pauses.append($0) },
                report: { events.append($0) })
            do throws(FlashProblem) { try writer.run() } catch { problem = error }
            (self.events, self.pauses) = (events, pauses)
        }

        var holdsImage: Bool {
            device.bytes.prefix(FlashWriterTests.image.bytes.count)
                == FlashWriterTests.image.bytes[...]
        }
        var isBlank: Bool {
            device.bytes.prefix(mebibyte) == Array(repeating: 0, count: mebibyte)[...]
        }
    }

    @Test(arguments: [0, 512, 4096, mebibyte - 512, mebibyte, mebibyte + 512, 5 * mebibyte])
    func `a device holds the image, then its old content, then zeros`(_ addition: Int) throws {
        let attempt = try Attempt(byteCount: Self.image.bytes.count + addition)
        #expect(attempt.problem == nil)
        #expect(attempt.holdsImage)
        let bytes = attempt.device.bytes
        let tail = min(addition, Self.mebibyte)
        let tailIsClear = bytes.suffix(tail) == Array(repeating: 0, count: tail)[...]
        let rest = bytes[Self.image.bytes.count..<bytes.count - tail]
        let restIsOld = rest == Array(repeating: 0xA5, count: rest.count)[...]
        #expect(tailIsClear && restIsOld)
    }

    @Test func `the first MiB is cleared first and written last, each with a flush`() throws {
        let attempt = try Attempt()
        let first = UInt64(0)..<UInt64(Self.mebibyte)
        let calls = attempt.device.calls
        #expect(calls.first == .write(first))
        #expect(calls.suffix(3) == [.write(first), .flush, .read(first)])
        #expect(calls.filter { $0 == .write(first) }.count == 2)
        let flushes = calls.indices.filter { calls[$0] == .flush }
        #expect(flushes.count == 3)
        // All but the first MiB has been read back before that is written.
        let reads = calls[flushes[1]..<flushes[2]].compactMap { call -> Range<UInt64>? in
            if case .read(let range) = call { range } else { nil }
        }
        #expect(reads.map(\.count).reduce(0, +) == Int(attempt.plan.byteCount))
    }

    @Test func `a short image is all head`() throws {
        let image = ImageInMemory(bytes: Array(repeating: 7, count: 4096))
        let attempt = try Attempt(byteCount: 8192, image: image)
        #expect(attempt.problem == nil)
        #expect(attempt.device.bytes == image.bytes + Array(repeating: 0, count: 4096))
    }

    @Test(arguments: [Errno.ioError, .interrupted, .resourceTemporarilyUnavailable])
    func `a transient error is retried`(_ errno: Errno) throws {
        var rest = 3
        let attempt = try Attempt { device in
            device.fault = { call in
                guard rest > 0, case .write(let range) = call,
                    (2 << 20..<3 << 20).contains(range.lowerBound)
                else {
                    return nil
                }
                rest -= 1
                return errno
            }
        }
        #expect(attempt.problem == nil && rest == 0)
        #expect(attempt.holdsImage)
        #expect(attempt.pauses == [100, 200, 300].map(Duration.milliseconds))
        let sizes = attempt.device.calls.compactMap { call -> Int? in
            if case .write(let range) = call, range.lowerBound == 2 << 20 {
                range.count
            } else {
                nil
            }
        }
        #expect(sizes == [1 << 20, 64 << 10, 4096, 4096])
    }

    @Test func `a sector that cannot be written is reported, and the device does not boot`() throws
    {
        let bad = UInt64(2 << 20) + 8192
        let attempt = try Attempt { device in
            device.fault = { call in
                if case .write(let range) = call, range.contains(bad) { .ioError } else { nil }
            }
        }
        #expect(attempt.problem == .device(.writing, .ioError, at: bad))
        #expect(attempt.isBlank)
    }

    @Test func `a removed stick is not retried`() throws {
        let attempt = try Attempt { device in
            device.fault = { call in
                guard case .write(let range) = call, (2 << 20..<3 << 20).contains(range.lowerBound)
                else { return nil }
                return .operationNotSupportedByDevice
            }
        }
        let problem = FlashProblem.device(
            .writing, .operationNotSupportedByDevice, at: 2 << 20)
        #expect(attempt.problem == problem)
        #expect(attempt.pauses == [])
        #expect(attempt.isBlank)
    }

    @Test func `a flush is retried, and a permanent failure is reported`() throws {
        var count = 0
        let once = try Attempt { device in
            device.fault = { call in
                guard call == .flush else { return nil }
                count += 1
                return count == 2 ? .ioError : nil
            }
        }
        #expect(once.problem == nil && once.holdsImage)
        let ever = try Attempt { $0.fault = { $0 == .flush ? .ioError : nil } }
        #expect(ever.problem == .device(.flushing, .ioError, at: 0))
        #expect(ever.isBlank)
    }

    @Test func `the first different byte is reported, and the device does not boot`() throws {
        let attempt = try Attempt { device in
            device.damage = [0x21_0003: 0, 0x21_0009: 0, 0x2F_0000: 0]
        }
        let written = Self.image.bytes[0x21_0003]
        #expect(written != 0)
        #expect(attempt.problem == .differs(at: 0x21_0003, found: 0, written: written))
        #expect(attempt.isBlank)
    }

    @Test func `a wrong byte in the first MiB leaves none of it`() throws {
        var flushes = 0
        let attempt = try Attempt { device in
            device.fault = { call in
                if call == .flush { flushes += 1 }
                if flushes == 3 { device.damage = [5: 0xEE] }
                return nil
            }
        }
        #expect(
            attempt.problem == .differs(at: 5, found: 0xEE, written: Self.image.bytes[5]))
        #expect(attempt.isBlank)
    }

    @Test(arguments: [1, 2, 3])
    func `a stick with less memory than it claims is detected`(_ mebibytes: Int) throws {
        let attempt = try Attempt { $0.realByteCount = mebibytes << 20 }
        guard case .differs = attempt.problem else {
            Issue.record("\(String(describing: attempt.problem))")
            return
        }
    }

    @Test func `short writes and reads are continued`() throws {
        let attempt = try Attempt { $0.longest = 512 * 7 }
        #expect(attempt.problem == nil)
        #expect(attempt.holdsImage)
    }

    @Test func `an image that becomes shorter is reported`() throws {
        let device = FaultyDevice(byteCount: 8 << 20)
        let plan = try FlashPlan(Self.image, sectorSize: .bytes512, deviceByteCount: 8 << 20)
        var shorter = Self.image
        shorter.bytes.removeLast(4096)
        let writer = FlashWriter(
            plan: plan, image: Shortened(bytes: shorter.bytes, byteCount: Self.image.byteCount),
            target: device, pause: { _ in }, report: { _ in })
        let problem = #expect(throws: FlashProblem.self) { try writer.run() }
        #expect(problem == .image(at: 3 << 20, cause: "the file became shorter meanwhile"))
    }

    private struct Shortened: DiskSource {
        let bytes: [UInt8]
        let byteCount: ByteCount

        func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
            try ImageInMemory(bytes: bytes).read(count, at: offset)
        }
    }

    @Test(arguments: [
        FlashEvent.progress(.writing, 12345), .progress(.flushing, 0), .done,
        .failed(.device(.comparing, .ioError, at: 1 << 40)),
        .failed(.image(at: 7, cause: "the file became shorter meanwhile")),
        .failed(.differs(at: 3, found: 1, written: 255)),
    ])
    func `the writer's events survive the pipe`(_ event: FlashEvent) {
        #expect(FlashEvent(line: event.line[...]) == event)
    }

    @Test(arguments: ["", "progress", "progress eating 3", "device writing 5", "nonsense 1 2 3"])
    func `a malformed line is not an event`(_ line: String) {
        #expect(FlashEvent(line: line[...]) == nil)
    }
}
