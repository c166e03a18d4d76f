import GuestFSProtocol
import Libc
import SystemPackage

/// A folder's contents as a tar archive, made while it is written.
struct TarStream: Sendable {
    /// What libguestfs transfers in one message, twice over.
    private static let chunkByteCount = 1 << 20

    private let root: FilePath
    private let members: [(path: FilePath, header: TarHeader)]

    init(_ tree: SourceTree) {
        root = tree.root
        members = tree.entries.map { ($0.path, TarHeader($0)) }
    }

    /// Whether there is nothing to copy.
    var isEmpty: Bool { members.isEmpty }

    /// The archive's length, but for the two blocks at its end.
    var byteCount: Int {
        members.reduce(0) { sum, member in
            let count = member.header.dataByteCount
            return sum + member.header.bytes.count + count + TarHeader.padding(count)
        }
    }

    /// Writes the archive; reports how many bytes of it are written.
    ///
    /// A reader that has closed the pipe ends this: it knows why.
    func write(
        to pipe: FileDescriptor, report: @escaping (_ byteCount: Int) -> Void
    ) throws(GuestFSError) {
        var sink = Sink(pipe: pipe, report: report)
        for (path, header) in members {
            sink.add(header.bytes)
            if header.dataByteCount > 0 { try copy(path, header.dataByteCount, to: &sink) }
            sink.add([UInt8](repeating: 0, count: TarHeader.padding(header.dataByteCount)))
            if sink.isClosed { return }
        }
        sink.add([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
        sink.flush()
    }

    private func copy(
        _ path: FilePath, _ byteCount: Int, to sink: inout Sink
    ) throws(GuestFSError) {
        do {
            let file = try FileDescriptor.open(
                root.pushing(path), .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec])
            defer { try? file.close() }
            var rest = byteCount
            while rest > 0, !sink.isClosed {
                let bytes = try [UInt8](
                    unsafeUninitializedCapacity: min(rest, Self.chunkByteCount)
                ) { buffer, count in
                    count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
                guard !bytes.isEmpty else { throw GuestFSError.changedSource(path: path.string) }
                sink.add(bytes)
                rest -= bytes.count
            }
        } catch let error as GuestFSError {
            throw error
        } catch {
            let number = (error as? Errno)?.rawValue ?? EIO
            throw .unreadableSource(path: path.string, errno: number)
        }
    }

    /// Collects small pieces, and writes large ones.
    private struct Sink {
        let pipe: FileDescriptor
        let report: (Int) -> Void
        private(set) var isClosed = false
        private var buffer: [UInt8] = []
        private var writtenCount = 0

        init(pipe: FileDescriptor, report: @escaping (Int) -> Void) {
            (self.pipe, self.report) = (pipe, report)
        }

        mutating func add(_ bytes: [UInt8]) {
            buffer += bytes
            if buffer.count >= TarStream.chunkByteCount { flush() }
        }

        mutating func flush() {
            if isClosed { return }
            do {
                // A pipe has room for 64 KiB; so often is progress reported.
                for start in stride(from: 0, to: buffer.count, by: 1 << 16) {
                    let end = min(start + 1 << 16, buffer.count)
                    try pipe.writeAll(buffer[start..<end])
                    report(writtenCount + end)
                }
                writtenCount += buffer.count
                buffer = []
            } catch {
                isClosed = true
            }
        }
    }
}
