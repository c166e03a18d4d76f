import GuestFS
import GuestFSProtocol
import Synchronization
import SystemPackage

/// Does one request's work in one appliance, and reports it.
struct Worker {
    /// A failure, with the partition or volume that it concerns.
    private struct Failure: Error {
        let error: GuestFSError
        var item: Int?
    }

    private let appliance: Appliance
    private let events: EventSink

    /// Carries a request out; the appliance has ended when this returns.
    ///
    /// - Returns: Whether it succeeded. Either way, the last event says how it ended.
    static func run(_ request: GuestFSRequest, _ events: EventSink) -> Bool {
        do throws(Failure) {
            let worker = try Worker(usesKVM: request.usesKVM, events)
            switch request.task {
            case .make(let partitions): try worker.make(partitions)
            case .read(let disk): try worker.read(disk)
            }
        } catch {
            let cause = Interruption.hasHappened ? .interrupted : error.error
            events.send(.failed(error: cause, item: error.item))
            return false
        }
        events.send(.done)
        return true
    }

    private init(usesKVM: Bool, _ events: EventSink) throws(Failure) {
        self.events = events
        appliance = try Self.labelling(nil) { () throws(GuestFSError) in
            try Appliance(usesKVM: usesKVM) { event in
                switch event {
                case .progress(let position, let total): events.progress(position, of: total)
                // The process that started this one shows these lines if this one crashes.
                case .console(let text), .library(let text):
                    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
                }
            }
        }
    }

    private func make(_ partitions: [GuestFSRequest.Partition]) throws(Failure) {
        // A source that cannot be read fails before the appliance starts.
        var jobs: [(partition: GuestFSRequest.Partition, stream: TarStream?, device: String)] = []
        for (index, partition) in partitions.enumerated() {
            try Self.labelling(index) { () throws(GuestFSError) in
                let stream = try partition.source.map { source throws(GuestFSError) in
                    TarStream(try SourceTree(FileDescriptor(rawValue: source)))
                }
                let image = FileDescriptor(rawValue: partition.image)
                jobs.append((partition, stream, try appliance.add(image, readOnly: false)))
            }
        }
        try start()
        for (index, job) in jobs.enumerated() {
            try Self.labelling(index) { () throws(GuestFSError) in
                try make(job.partition, on: job.device, from: job.stream, index)
            }
        }
        try Self.labelling(nil) { () throws(GuestFSError) in try appliance.shutDown() }
    }

    private func make(
        _ partition: GuestFSRequest.Partition, on device: String, from stream: TarStream?,
        _ index: Int
    ) throws(GuestFSError) {
        guard try appliance.supports(partition.fileSystem) else {
            throw .unsupported(fileSystem: partition.fileSystem)
        }
        events.send(.began(step: .formatting, item: index))
        try appliance.makeFileSystem(partition.fileSystem, on: device, label: partition.label)
        if let stream {
            events.send(.began(step: .copying, item: index))
            try appliance.mount(device)
            if !stream.isEmpty { try copy(stream) }
            events.send(.began(step: .flushing, item: index))
            try appliance.unmount()
        }
        events.send(.began(step: .finished, item: index))
    }

    private func copy(_ stream: TarStream) throws(GuestFSError) {
        let (events, total) = (events, UInt64(stream.byteCount))
        try PipedCall().feed { pipe throws(GuestFSError) in
            try appliance.unpack(from: pipe)
        } by: { pipe throws(GuestFSError) in
            try stream.write(to: pipe) { events.progress(min(UInt64($0), total), of: total) }
        }
    }

    private func read(_ disk: GuestFSRequest.Disk) throws(Failure) {
        let device = try Self.labelling(nil) { () throws(GuestFSError) in
            try appliance.add(
                FileDescriptor(rawValue: disk.image), readOnly: true,
                sectorByteCount: disk.sectorByteCount)
        }
        try start()
        for (index, number) in disk.volumes.enumerated() {
            events.send(.began(step: .reading, item: index))
            do throws(GuestFSError) {
                try readVolume(device + (number.map { "\($0)" } ?? ""), index)
            } catch {
                if Interruption.hasHappened { throw Failure(error: error, item: index) }
                events.send(.unreadable(error: error, item: index))
            }
            events.send(.began(step: .finished, item: index))
        }
        try Self.labelling(nil) { () throws(GuestFSError) in try appliance.shutDown() }
    }

    private func readVolume(_ device: String, _ index: Int) throws(GuestFSError) {
        try appliance.mount(device, readOnly: true)
        let events = events
        let result = Result { () throws(GuestFSError) in
            try PipedCall().drain { pipe throws(GuestFSError) in
                try appliance.writeChecksums(to: pipe)
            } by: { pipe throws(GuestFSError) in
                var count: UInt64 = 0
                try ChecksumList.read(from: pipe) { file in
                    events.send(.found(file: file, item: index))
                    count += 1
                    events.progress(count, of: 0)
                }
            }
        }
        try appliance.unmount()
        try result.get()
    }

    private func start() throws(Failure) {
        events.send(.began(step: .starting, item: nil))
        // libguestfs is silent about a start until it has taken five seconds.
        events.progress(0, of: 12)
        try Self.labelling(nil) { () throws(GuestFSError) in
            if Interruption.hasHappened { throw .interrupted }
            try appliance.launch()
        }
    }

    /// Adds the item that a failure concerns.
    private static func labelling<Result>(
        _ item: Int?, _ body: () throws(GuestFSError) -> Result
    ) throws(Failure) -> Result {
        do throws(GuestFSError) { return try body() } catch {
            throw Failure(error: error, item: item)
        }
    }
}
