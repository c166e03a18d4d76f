import FoundationEssentials
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder that nobody else may read, for what other programs read and write; gone afterwards.
struct ScratchFolder: ~Copyable {
    let path: FilePath

    init() throws(Failure) {
        let place = Environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = FilePath(place).appending("bootimage-XXXXXX").string.utf8CString.map(\.self)
        guard mkdtemp(&template) != nil else {
            throw Failure(
                .cannotCreateOutput, "\(place): no folder there: \(Errno(rawValue: errno))")
        }
        let name = template.dropLast().map { UInt8(bitPattern: $0) }
        path = FilePath(String(decoding: name, as: UTF8.self))
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }
}

/// Small files, read and written whole.
enum SmallFile {
    static func read(_ path: FilePath) throws(Failure) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path.string)))
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(Errno(rawValue: errno))")
        }
    }

    /// The file has all the bytes, or is as it was.
    static func write(_ bytes: [UInt8], to path: FilePath) throws(Failure) {
        do {
            try Data(bytes).write(to: URL(filePath: path.string), options: .atomic)
        } catch {
            throw Failure(.cannotCreateOutput, "\(path): cannot be written: \(error)")
        }
    }
}
