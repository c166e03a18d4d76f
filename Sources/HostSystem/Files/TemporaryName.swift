import Libc
import Synchronization
import SystemPackage

/// The names `.NAME.PID-N.tmp` of temporary files for one output.
struct TemporaryName {
    private let folder: FilePath
    private let prefix: [CInterop.PlatformChar]

    private static let counter = Atomic<UInt64>(0)
    private static let suffix = ".tmp".utf8.map { CInterop.PlatformChar(bitPattern: $0) }
    private static let dash = CInterop.PlatformChar(bitPattern: UInt8(ascii: "-"))
    private static let digits = Set("0123456789".utf8.map { CInterop.PlatformChar(bitPattern: $0) })
    /// How much of the output's name is kept: a file name has at most 255 bytes.
    private static let keptNameBytes = 200

    init(for output: FilePath) {
        let parent = output.removingLastComponent()
        folder = parent.isEmpty ? "." : parent
        let name = output.lastComponent?.withPlatformString { text in
            Array(UnsafeBufferPointer(start: text, count: strlen(text)).prefix(Self.keptNameBytes))
        }
        let dot = CInterop.PlatformChar(bitPattern: UInt8(ascii: "."))
        prefix = [dot] + (name ?? []) + [dot]
    }

    /// Returns a name that this process has not used before.
    package func next() -> FilePath {
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        let middle = "\(getpid())-\(number)".utf8.map { CInterop.PlatformChar(bitPattern: $0) }
        return folder.pushing(FilePath(platformString: prefix + middle + Self.suffix + [0]))
    }

    /// Removes the files of this name that killed processes left behind; a failure is ignored.
    func sweep() {
        guard let stream = folder.withPlatformString({ opendir($0) }) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let path = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(
                    to: CInterop.PlatformChar.self, capacity: MemoryLayout.size(ofValue: name)
                ) { matches($0) ? folder.pushing(FilePath(platformString: $0)) : nil }
            }
            if let path { removeIfUnlocked(path) }
        }
    }

    private func matches(_ name: UnsafePointer<CInterop.PlatformChar>) -> Bool {
        let bytes = UnsafeBufferPointer(start: name, count: strlen(name))
        guard bytes.count > prefix.count + Self.suffix.count, bytes.starts(with: prefix),
            bytes.suffix(Self.suffix.count).elementsEqual(Self.suffix)
        else { return false }
        // Only `PID-N` between the two makes it a temporary file.
        let middle = bytes.dropFirst(prefix.count).dropLast(Self.suffix.count)
        let numbers = middle.split(separator: Self.dash, omittingEmptySubsequences: false)
        return numbers.count == 2
            && numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy(Self.digits.contains) }
    }

    private func removeIfUnlocked(_ path: FilePath) {
        guard
            let descriptor = try? FileDescriptor.open(
                path, .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec])
        else { return }
        if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 {
            path.withPlatformString { _ = unlink($0) }
        }
        try? descriptor.close()
    }
}
