import FoundationEssentials
package import GuestFSProtocol
import HostSystem
import Libc
package import SystemPackage

/// The executable that links libguestfs, which this one does not.
package struct GuestFSHelper {
    /// How far the work is.
    package struct Progress: Equatable, Sendable {
        package typealias Step = GuestFSEvent.Step

        /// The partition or volume, or libguestfs itself.
        package var title: String
        package var step: Step
        package var done: UInt64
        /// 0 if unknown.
        package var total: UInt64

        package init(
            title: String = "libguestfs", step: Step, done: UInt64 = 0, total: UInt64 = 0
        ) {
            (self.title, self.step, self.done, self.total) = (title, step, done, total)
        }
    }

    /// Gets progress several times a second, whether there is any or not, and nil at the end.
    package typealias Report = (Progress?) -> Void

    /// The helper's failure, with the index of the partition or volume that it concerns.
    enum Problem: Error, Equatable {
        case failed(GuestFSError, item: Int?)
        /// It cannot run, or ended without its last event; `status` is its exit status, if any.
        case broken(reason: String, status: Int32?)
        case interrupted(signal: Int32)
    }

    /// The number of the first descriptor that a task names.
    static let firstDescriptor = 3
    package static let name = "bootimage-guestfs"
    package static let remedy = "build and install it: make guestfs-helper install"

    /// How often progress is reported while nothing happens.
    private static let interval = Duration.milliseconds(200)
    /// How long the helper may take to end its virtual machine and remove its temporary files.
    private static let grace = Duration.seconds(5)

    package let path: FilePath

    /// Finds the helper of this executable: in `../libexec/bootimage` once installed, or beside it
    /// in a build folder.
    package init?() {
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
        let request = GuestFSRequest(usesKVM: KVM.works, task: task)
        let messages: AnonymousFile
        do throws(FileError) { messages = try AnonymousFile() } catch {
            throw .broken(reason: "\(error)", status: nil)
        }
        let signals = BlockedSignals()
        let debugs = ["LIBGUESTFS_DEBUG", "LIBGUESTFS_TRACE"].contains { Environment[$0] == "1" }
        let (reading, helper) = try start(
            request, descriptors, debugs ? .standardError : messages.descriptor, signals)
        defer { try? reading.close() }
        var lines = PipeLines(pipe: reading)
        var progress = Progress(step: .starting)
        while true {
            let isReadable = poll(
                [signals.descriptor, reading.rawValue], until: .now + Self.interval)[1]
            if let number = signals.nextInterrupt() {
                throw stop(helper, .interrupted(signal: number))
            }
            if isReadable, !lines.read() { break }
            while let line = lines.next() {
                switch try? JSONDecoder().decode(GuestFSEvent.self, from: line) {
                case .began(let step, nil): progress = Progress(step: step)
                case .began(let step, let item?):
                    progress = Progress(title: titles[item], step: step)
                case .progress(let done, let total): (progress.done, progress.total) = (done, total)
                case .failed(let error, let item):
                    throw stop(helper, .failed(error, item: item))
                case .done:
                    helper.wait()
                    return
                case let event?: take(event)
                case nil:
                    let text = String(decoding: line, as: UTF8.self)
                    let reason = "reported an unknown event: \(text)"
                    throw stop(helper, .broken(reason: reason, status: nil))
                }
                report(progress)
            }
            report(progress)
        }
        throw ended(helper.wait(), messages)
    }

    /// Why the helper ended without an event that says so.
    private func ended(_ exit: Exit, _ messages: borrowing AnonymousFile) -> Problem {
        let bytes = (try? messages.bytes(atMost: 1 << 16)) ?? []
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let words = lines.last.map { ": \($0)" } ?? ""
        return switch exit {
        case .status(let status):
            .broken(reason: "ended with status \(status)\(words)", status: status)
        case .signal(let number):
            .broken(reason: "was killed by signal \(number)\(words)", status: nil)
        }
    }

    /// Sends SIGTERM to the helper and its virtual machine, then SIGKILL.
    private func stop(_ helper: Child, _ problem: Problem) -> Problem {
        let deadline = ContinuousClock.now + Self.grace
        helper.send(SIGTERM)
        while helper.exitIfEnded() == nil {
            if .now > deadline {
                helper.send(SIGKILL)
                helper.wait()
                break
            }
            usleep(10_000)
        }
        return problem
    }

    private func start(
        _ request: GuestFSRequest, _ passed: [FileDescriptor], _ messages: FileDescriptor,
        _ signals: borrowing BlockedSignals
    ) throws(Problem) -> (FileDescriptor, Child) {
        do {
            let argument = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
            let null = try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
            defer { try? null.close() }
            let (reading, writing) = try FileDescriptor.privatePipe()
            defer { try? writing.close() }
            do {
                let child = try Child.spawn(
                    path, [argument], streams: [null, writing, messages] + passed,
                    lifetime: .ownGroup, signals: signals)
                return (reading, child)
            } catch {
                try? reading.close()
                throw error
            }
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

extension GuestFSFault {
    /// The helper's failure; `explain` names the partition or volume that it concerns.
    init(
        _ problem: GuestFSHelper.Problem, of helper: GuestFSHelper,
        explain: (GuestFSError, Int?) -> GuestFSFault
    ) {
        switch problem {
        case .failed(let error, let item): self = explain(error, item)
        case .broken(let reason, let status):
            self = .broken(helper: helper.path, reason: reason, status: status)
        case .interrupted(let signal): self = .interrupted(helper: helper.path, signal: signal)
        }
    }
}
