import FoundationEssentials
package import GuestFSProtocol
import HostSystem
import Libc
package import SystemPackage

/// The executable that links libguestfs, which this one does not.
package struct GuestFSHelper {
    package struct Progress: Equatable, Sendable {
        package typealias Step = GuestFSEvent.Step

        /// The partition or volume, or libguestfs itself.
        package var title = "libguestfs"
        package var step: Step
        package var done: UInt64 = 0
        /// 0 if unknown.
        package var total: UInt64 = 0
    }

    /// Gets progress several times a second, whether there is any or not, and nil at the end.
    package typealias Report = (Progress?) -> Void

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
        let candidates = ["../libexec/bootimage", "."].map {
            folder.appending($0).appending(Self.name).lexicallyNormalized()
        }
        guard let path = candidates.first(where: { access($0.string, X_OK) == 0 }) else {
            return nil
        }
        self.path = path
    }

    /// Runs the helper until it is done; a signal to this process ends both.
    ///
    /// The task counts `descriptors` from ``firstDescriptor``, and `titles` name its partitions or
    /// volumes. `explain` makes a fault of an error that concerns one of them, or all. `take` gets
    /// the events about files.
    func run(
        _ task: GuestFSRequest.Task, passing descriptors: [FileDescriptor], titles: [String],
        explain: (GuestFSError, _ item: Int?) -> GuestFSFault,
        take: (GuestFSEvent) -> Void = { _ in }, report: Report
    ) throws(BuildError) {
        defer { report(nil) }
        let request = GuestFSRequest(usesKVM: KVM.works, task: task)
        let messages = try attempt(AnonymousFile()) { (error: FileError) in broken("\(error)") }
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
                throw stop(helper, .interrupted(helper: path, signal: number))
            }
            if isReadable, !lines.read() { break }
            while let line = lines.next() {
                switch try? JSONDecoder().decode(GuestFSEvent.self, from: line) {
                case .began(let step, nil): progress = Progress(step: step)
                case .began(let step, let item?):
                    progress = Progress(title: titles[item], step: step)
                case .progress(let done, let total): (progress.done, progress.total) = (done, total)
                case .failed(let error, let item): throw stop(helper, explain(error, item))
                case .done:
                    helper.wait()
                    return
                case let event?: take(event)
                case nil:
                    let text = String(decoding: line, as: UTF8.self)
                    let reason = "reported an unknown event: \(text)"
                    throw stop(helper, .broken(helper: path, reason: reason, status: nil))
                }
                report(progress)
            }
            report(progress)
        }
        throw ended(helper.wait(), messages)
    }

    /// Why the helper ended without an event that says so.
    private func ended(_ exit: Exit, _ messages: borrowing AnonymousFile) -> BuildError {
        let bytes = (try? messages.bytes(atMost: 1 << 16)) ?? []
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let words = lines.last.map { ": \($0)" } ?? ""
        return switch exit {
        case .status(let status): broken("ended with status \(status)\(words)", status: status)
        case .signal(let number): broken("was killed by signal \(number)\(words)")
        }
    }

    private func broken(_ reason: String, status: Int32? = nil) -> BuildError {
        .guestFS(.broken(helper: path, reason: reason, status: status))
    }

    /// Sends SIGTERM to the helper and its virtual machine, then SIGKILL.
    private func stop(_ helper: Child, _ fault: GuestFSFault) -> BuildError {
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
        return .guestFS(fault)
    }

    private func start(
        _ request: GuestFSRequest, _ passed: [FileDescriptor], _ messages: FileDescriptor,
        _ signals: borrowing BlockedSignals
    ) throws(BuildError) -> (FileDescriptor, Child) {
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
            throw broken("cannot be started: \(error)")
        }
    }
}

/// Splits what comes through a pipe into lines.
private struct PipeLines {
    let pipe: FileDescriptor
    var bytes: [UInt8] = []

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
