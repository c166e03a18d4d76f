import CKVM
import CProcess
import FoundationEssentials
import GuestFSProtocol
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The executable that links libguestfs, which this one does not.
struct GuestFSHelper {
    /// How far the work is.
    struct Progress: Equatable, Sendable {
        typealias Step = GuestFSEvent.Step

        /// The partition or volume, or libguestfs itself.
        var title = "libguestfs"
        var step: Step
        var done: UInt64 = 0
        /// 0 if unknown.
        var total: UInt64 = 0
    }

    /// Gets progress several times a second, whether there is any or not, and nil at the end.
    typealias Report = (Progress?) -> Void

    /// The helper's failure, with the index of the partition or volume that it concerns.
    enum Problem: Error, Equatable {
        case failed(GuestFSError, item: Int?)
        /// It cannot run, or ended without its last event; `status` is its exit status, if any.
        case broken(reason: String, status: Int32?)
        case interrupted(signal: Int32)
    }

    /// The number of the first descriptor that a task names.
    static let firstDescriptor = 3
    static let name = "bootimage-guestfs"
    static let remedy = "build and install it: make guestfs-helper install"

    /// How often progress is reported while nothing happens.
    private static let interval = Duration.milliseconds(200)
    /// How long the helper may take to end its virtual machine and remove its temporary files.
    private static let grace = Duration.seconds(5)

    let path: FilePath

    /// Finds the helper of this executable: in `../libexec/bootimage` once installed, or beside it
    /// in a build folder.
    init?() {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard readlink("/proc/self/exe", &bytes, Int(PATH_MAX)) > 0 else { return nil }
        let folder = FilePath(platformString: bytes).removingLastComponent()
        let candidates = [
            folder.appending("../libexec/bootimage").appending(Self.name),
            folder.appending(Self.name),
        ].map { $0.lexicallyNormalized() }
        guard let path = candidates.first(where: { access($0.string, X_OK) == 0 }) else {
            return nil
        }
        self.path = path
    }

    /// Runs the helper until it is done; a signal to this process ends both.
    ///
    /// The task counts `descriptors` from ``firstDescriptor``, and `titles` name its partitions or
    /// volumes. `take` gets the events about files.
    func run(
        _ task: GuestFSRequest.Task, passing descriptors: [FileDescriptor], titles: [String],
        take: (GuestFSEvent) -> Void = { _ in }, report: Report
    ) throws(Problem) {
        defer { report(nil) }
        let request = GuestFSRequest(usesKVM: kvm_runs_guests(), task: task)
        let messages: TemporaryDescriptor
        do throws(Failure) { messages = try TemporaryDescriptor() } catch {
            throw .broken(reason: error.message, status: nil)
        }
        let signals = BlockedSignals()
        let debugs = ["LIBGUESTFS_DEBUG", "LIBGUESTFS_TRACE"].contains { Environment[$0] == "1" }
        let (reading, process) = try start(
            request, descriptors, debugs ? .standardError : messages.descriptor, signals)
        defer { try? reading.close() }
        var lines = PipeLines(pipe: reading)
        var progress = Progress(step: .starting)
        while true {
            let isReadable = wait(for: reading, signals)
            while let number = signals.next() {
                if number != SIGCHLD { throw stop(process, .interrupted(signal: number)) }
            }
            if isReadable, !lines.read() { break }
            while let line = lines.next() {
                switch try? JSONDecoder().decode(GuestFSEvent.self, from: line) {
                case .began(let step, nil): progress = Progress(step: step)
                case .began(let step, let item?):
                    progress = Progress(title: titles[item], step: step)
                case .progress(let done, let total): (progress.done, progress.total) = (done, total)
                case .failed(let error, let item):
                    throw stop(process, .failed(error, item: item))
                case .done:
                    _ = status(of: process)
                    return
                case let event?: take(event)
                case nil:
                    let text = String(decoding: line, as: UTF8.self)
                    let reason = "reported an unknown event: \(text)"
                    throw stop(process, .broken(reason: reason, status: nil))
                }
                report(progress)
            }
            report(progress)
        }
        throw ended(status(of: process), messages)
    }

    /// What it is that ended without an event that says so.
    private func ended(
        _ status: Int32, _ messages: borrowing TemporaryDescriptor
    ) -> Problem {
        let bytes = (try? messages.bytes(atMost: 1 << 16)) ?? []
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let words = lines.last.map { ": \($0)" } ?? ""
        let end =
            status & 0x7F == 0
            ? "ended with status \(status >> 8)" : "was killed by signal \(status & 0x7F)"
        return .broken(reason: end + words, status: status & 0x7F == 0 ? status >> 8 : nil)
    }

    /// Asks the helper and its virtual machine to end, then kills them.
    private func stop(_ process: pid_t, _ problem: Problem) -> Problem {
        let deadline = ContinuousClock.now + Self.grace
        // Before it has its own process group, there is no virtual machine either.
        if kill(-process, SIGTERM) != 0 { kill(process, SIGTERM) }
        while waitpid(process, nil, WNOHANG) == 0 {
            if .now > deadline {
                if kill(-process, SIGKILL) != 0 { kill(process, SIGKILL) }
                _ = status(of: process)
                break
            }
            usleep(10_000)
        }
        return problem
    }

    private func status(of process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        return status
    }

    private func wait(for reading: FileDescriptor, _ signals: borrowing BlockedSignals) -> Bool {
        var events = [signals.descriptor, reading.rawValue].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        _ = poll(&events, 2, Int32(Self.interval.wholeMilliseconds))
        return events[1].revents != 0
    }

    private func start(
        _ request: GuestFSRequest, _ passed: [FileDescriptor], _ messages: FileDescriptor,
        _ signals: borrowing BlockedSignals
    ) throws(Problem) -> (FileDescriptor, pid_t) {
        do {
            let argument = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
            let null = try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
            defer { try? null.close() }
            let (reading, writing) = try FileDescriptor.privatePipe()
            defer { try? writing.close() }
            var words = [strdup(path.string), strdup(argument), nil]
            defer { words.forEach { free($0) } }
            let descriptors = ([null, writing, messages] + passed).map(\.rawValue)
            var process: pid_t = 0
            let error = signals.withPrevious {
                start_child_process(
                    path.string, &words, descriptors, Int32(descriptors.count), $0, &process)
            }
            guard error == 0 else {
                try? reading.close()
                throw Errno(rawValue: error)
            }
            return (reading, process)
        } catch {
            throw .broken(reason: "cannot be started: \(error)", status: nil)
        }
    }
}

/// Splits what comes through a pipe into lines.
private struct PipeLines {
    let pipe: FileDescriptor
    private var bytes: [UInt8] = []

    init(pipe: FileDescriptor) { self.pipe = pipe }

    /// Waits for more; false at the end.
    mutating func read() -> Bool {
        let chunk = try? [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = try pipe.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        bytes += chunk ?? []
        return chunk?.isEmpty == false
    }

    /// The next whole line, without its end; nil if there is none yet.
    mutating func next() -> Data? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { bytes.removeSubrange(...end) }
        return Data(bytes[..<end])
    }
}
