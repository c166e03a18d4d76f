import DiskImage
import BootImageKit
import FoundationEssentials
import GuestKit
import HostSystem
import Libc
import SystemPackage

/// Files that a test run leaves: reports, and what the guests said.
enum TestOutput {
    /// Checks that a file could be written there, before hours of tests are run for it.
    static func check(_ path: FilePath) throws(Failure) {
        let folder = path.removingLastComponent()
        guard access(folder.isEmpty ? "." : folder.string, W_OK) == 0 else {
            throw Failure(
                .cannotCreateOutput, "\(path): its folder: \(Errno(rawValue: errno))")
        }
    }

    /// Writes a report; the file is the old one or the new one, whatever happens.
    static func write(_ text: String, to path: FilePath) throws(Failure) {
        do throws(FileError) { try AtomicFile.write(text.utf8, to: path) } catch {
            throw Failure(error)
        }
    }

    /// Opens the file that gets what a boot's guest says, in a folder that is made if need be.
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
