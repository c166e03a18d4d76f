import BootImageKit
import DiskImage
import FoundationEssentials
import GuestKit
import HostSystem
import Libc
import SystemPackage

/// The files that a test run writes: reports, and the guests' serial output.
enum TestOutput {
    /// Makes the folders around a report, and checks before the tests run that it can be written.
    static func prepare(_ path: FilePath) throws(Failure) -> ReportFile {
        do throws(FileError) { return try ReportFile(preparing: path) } catch {
            throw Failure(error)
        }
    }

    /// Makes the folder for the guests' output, and checks that it can be written.
    static func prepare(folder: FilePath) throws(Failure) {
        do throws(FileError) { try folder.makeFolders() } catch { throw Failure(error) }
        guard folder.withPlatformString({ access($0, W_OK) }) == 0 else {
            throw Failure(
                .cannotCreateOutput,
                "\(folder): cannot be written: \(Errno(rawValue: errno))")
        }
    }

    static func write(_ text: String, to report: ReportFile) throws(Failure) {
        do throws(FileError) { try report.write(text.utf8) } catch { throw Failure(error) }
    }

    /// Opens a new file for a boot's serial output, in the place of an old one.
    ///
    /// A link with that name is replaced, not followed: the name is predictable.
    static func openRecord(
        of boot: TestPlan.Boot, in folder: FilePath
    ) throws(Failure) -> FileDescriptor {
        let name = String(boot.name.map { $0 == "/" ? "-" : $0 })
        let path = folder.appending(text: "\(name).\(boot.starter.name).log")
        do {
            path.withPlatformString { _ = unlink($0) }
            return try .open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw Failure(.cannotCreateOutput, "\(path): cannot be written: \(error)")
        }
    }
}
