import BootImageKit
import DiskImage
import FoundationEssentials
import GuestKit
import HostSystem
import Libc
import SystemPackage

/// The files that a test run writes: reports, and the guests' serial output.
enum TestOutput {
    /// Checks before the tests run that a report can be written.
    static func check(_ path: FilePath) throws(Failure) {
        let folder = path.removingLastComponent()
        guard access(folder.isEmpty ? "." : folder.string, W_OK) == 0 else {
            throw Failure(
                .cannotCreateOutput,
                "\(path): its folder cannot be written: \(Errno(rawValue: errno))")
        }
    }

    static func write(_ text: String, to path: FilePath) throws(Failure) {
        do throws(FileError) { try AtomicFile.write(text.utf8, to: path) } catch {
            throw Failure(error)
        }
    }

    /// Opens the file for a boot's serial output; creates its folder.
    static func openRecord(
        of boot: TestPlan.Boot, in folder: FilePath
    ) throws(Failure) -> FileDescriptor {
        let name = String(boot.name.map { $0 == "/" ? "-" : $0 })
        let path = folder.appending("\(name).\(boot.firmware.rawValue).log")
        do {
            try FileManager.default.createDirectory(
                atPath: folder.string, withIntermediateDirectories: true)
            return try .open(
                path, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw Failure(.cannotCreateOutput, "\(path): cannot be written: \(error)")
        }
    }
}
