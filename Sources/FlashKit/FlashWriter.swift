import DiskImage
import Libc
import SystemPackage

/// Writes the plan and compares it with the content of the device.
///
/// The head is written last, after everything else was read back: until then no firmware boots
/// from the device. Comparing the zeros as well detects a stick that has less memory than it
/// claims, whose last sectors are the first ones again.
struct FlashWriter<Target: FlashTarget, Image: DiskSource> {
    let plan: FlashPlan
    let image: Image
    let target: Target
    /// Waits before a retry.
    let pause: (Duration) -> Void
    let report: (FlashEvent) -> Void

    /// The size of a write, and the sizes after each transient error.
    private static var pieces: [Int] { [1 << 20, 64 << 10, 4 << 10, 4 << 10, 4 << 10] }
    private static var pageByteCount: Int { 4096 }

    /// Writes, reads back and compares.
    func run() throws(FlashProblem) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.pieces[0], alignment: Self.pageByteCount)
        defer { buffer.deallocate() }
        try write([plan.head, plan.tail], .clearing, zeros: true, buffer)
        try flush()
        try write([plan.body, plan.tail], .writing, buffer)
        try flush()
        try compare([plan.head, plan.body, plan.tail], .comparing, buffer) { piece in
            piece.upperBound <= plan.head.upperBound
        }
        do throws(FlashProblem) {
            try write([plan.head], .finishing, buffer)
            try flush()
            try compare([plan.head], .finishing, buffer)
        } catch {
            // No firmware must boot an image that may be wrong.
            try? write([plan.head], .finishing, zeros: true, buffer)
            throw error
        }
    }

    private func write(
        _ ranges: [Range<UInt64>], _ step: FlashEvent.Step, zeros: Bool = false,
        _ buffer: UnsafeMutableRawBufferPointer
    ) throws(FlashProblem) {
        try forEachPiece(of: ranges, step) { (piece) throws(FlashProblem) in
            let bytes = zeros ? Array(repeating: 0, count: piece.count) : try content(piece)
            buffer.copyBytes(from: bytes)
            try transfer(piece, step) { (part, offset) throws(Errno) in
                try target.write(UnsafeRawBufferPointer(rebasing: buffer[part]), at: offset)
            }
        }
    }

    private func compare(
        _ ranges: [Range<UInt64>], _ step: FlashEvent.Step,
        _ buffer: UnsafeMutableRawBufferPointer,
        areZeros: (Range<UInt64>) -> Bool = { _ in false }
    ) throws(FlashProblem) {
        try forEachPiece(of: ranges, step) { (piece) throws(FlashProblem) in
            try transfer(piece, .comparing) { (part, offset) throws(Errno) in
                try target.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[part]), at: offset)
            }
            let bytes =
                areZeros(piece) ? Array(repeating: 0, count: piece.count) : try content(piece)
            let found = UnsafeRawBufferPointer(rebasing: buffer[..<piece.count])
            guard let index = Self.firstDifference(found, bytes) else { return }
            throw .differs(
                at: piece.lowerBound + UInt64(index), found: found[index], written: bytes[index])
        }
    }

    private static func firstDifference(
        _ found: UnsafeRawBufferPointer, _ bytes: [UInt8]
    ) -> Int? {
        let isSame = bytes.withUnsafeBytes { bytes in
            guard let one = bytes.baseAddress, let other = found.baseAddress else { return true }
            return memcmp(one, other, bytes.count) == 0
        }
        if isSame { return nil }
        return bytes.indices.first { found[$0] != bytes[$0] }
    }

    private func content(_ piece: Range<UInt64>) throws(FlashProblem) -> [UInt8] {
        do {
            return try plan.content(piece, of: image)
        } catch {
            throw .image(at: error.offset, cause: error.cause)
        }
    }

    private func forEachPiece(
        of ranges: [Range<UInt64>], _ step: FlashEvent.Step,
        _ body: (Range<UInt64>) throws(FlashProblem) -> Void
    ) throws(FlashProblem) {
        var done: UInt64 = 0
        report(.progress(step, done))
        for range in ranges {
            var next = range.lowerBound
            while next < range.upperBound {
                let end = min(next + UInt64(Self.pieces[0]), range.upperBound)
                try body(next..<end)
                done += end - next
                next = end
                report(.progress(step, done))
            }
        }
    }

    /// Transfers a piece, in smaller parts after a transient error.
    private func transfer(
        _ piece: Range<UInt64>, _ step: FlashEvent.Step,
        _ move: (_ part: Range<Int>, _ offset: UInt64) throws(Errno) -> Int
    ) throws(FlashProblem) {
        var (done, failures) = (0, 0)
        while done < piece.count {
            let offset = piece.lowerBound + UInt64(done)
            do throws(Errno) {
                let end = min(done + Self.pieces[failures], piece.count)
                let count = try move(done..<end, offset)
                guard count > 0 else { throw .noSpace }
                done += count
            } catch {
                failures += 1
                guard failures < Self.pieces.count, error.isTransient else {
                    throw .device(step, error, at: offset)
                }
                pause(.milliseconds(100 * failures))
            }
        }
    }

    private func flush() throws(FlashProblem) {
        report(.progress(.flushing, 0))
        var failures = 0
        while true {
            do throws(Errno) { return try target.flush() } catch {
                failures += 1
                guard failures < Self.pieces.count, error.isTransient else {
                    throw .device(.flushing, error, at: 0)
                }
                pause(.milliseconds(100 * failures))
            }
        }
    }
}

extension Errno {
    /// Whether a retry may succeed.
    var isTransient: Bool {
        switch self {
        case .ioError, .interrupted, .resourceTemporarilyUnavailable, .resourceBusy, .timedOut: true
        default: false
        }
    }

    var reportsAbsence: Bool {
        switch self {
        // ENODEV, which System names so, and ENXIO.
        case .operationNotSupportedByDevice, .noSuchAddressOrDevice: true
        default: rawValue == ENOMEDIUM
        }
    }
}
