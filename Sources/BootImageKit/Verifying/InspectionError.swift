public import DiskImage
public import ELFKit
import HostSystem
public import SystemPackage

/// Why a file cannot be inspected or verified.
public enum InspectionError: Error, Equatable, Sendable {
    /// The file cannot be opened.
    case cannotOpen(FilePath, Errno)
    /// It is a folder, a character device, a pipe or a socket; only files and disks have contents.
    case notAFile(FilePath)
    /// Its contents must be extracted first.
    case packed(FilePath, PackedForm)
    /// It is of another kind than a disk image, such as an archive or a file system.
    case foreign(FilePath, ForeignForm)
    /// It is a container that needs another file, which its maker chose.
    case needsOtherFile(FilePath, ContainerFormat, ContainerReference)
    /// Reading it failed midway.
    case cannotRead(FilePath, DiskReadError)
    /// It is not an image, and the reader of kernels cannot read it either.
    case kernel(ELFError)
    /// A signal interrupted this process while the disassembler or openssl ran.
    case interrupted(by: Int32)
    /// Not a certificate; the first line that openssl printed.
    case badCertificate(FilePath, output: String?)
    /// A file with several certificates; only one can be meant.
    case severalCertificates(FilePath, count: Int)
    /// A signature cannot be verified without this program.
    case missingProgram(String)
    /// A temporary file was not written.
    case temporaryFile(Errno)
}

/// Forms in which images are stored and transferred.
public enum PackedForm: String, CaseIterable, Sendable {
    /// Compressed by this program.
    case zstd, xz, gzip
    /// A container that virtual machines use.
    case qcow2, vmdk, vdi, vhdx, vhd

    /// The form of a file with this first sector; `nil` for a raw image and for unknown forms.
    init?(startingWith start: [UInt8]) {
        // A boot sector may start with anything, but ends in 55 AA.
        if start.count == Self.examinedByteCount, start.suffix(2) == [0x55, 0xAA] { return nil }
        let name =
            Compression(startingWith: start)?.program
            ?? ContainerFormat(startingWith: start)?.rawValue
        self.init(rawValue: name ?? "")
    }

    /// The form as a container.
    package var container: ContainerFormat? { ContainerFormat(rawValue: rawValue) }

    /// Size of the first sector.
    static let examinedByteCount = 512
}

extension InspectionError {
    package static func open(_ path: FilePath) throws(InspectionError) -> FileDescriptor {
        try attempt(FileDescriptor.openForReading(path)) { (error: FileError) in
            InspectionError.cannotOpen(path, error.errno)
        }
    }

    /// Returns an open file and its first sector.
    static func start(
        of descriptor: FileDescriptor, at path: FilePath
    ) throws(InspectionError) -> (file: ImageFile, bytes: [UInt8]) {
        try reading(path) {
            let file = try ImageFile(descriptor)
            let count = min(UInt64(PackedForm.examinedByteCount), file.byteCount.value)
            return (file, try file.read(Int(count), at: 0))
        }
    }

    /// Refuses a compressed image and a container, neither of which is a disk's bytes in order.
    static func refusePacked(
        _ file: ImageFile, startingWith start: [UInt8], at path: FilePath
    ) throws(InspectionError) {
        guard let form = PackedForm(startingWith: start) else { return }
        if let format = form.container, let reference = try? format.reference(in: file) {
            throw .needsOtherFile(path, format, reference)
        }
        throw .packed(path, form)
    }

    /// Refuses a file of a kind that is neither a disk image nor, if `acceptsELF`, an ELF file.
    static func refuseForeign(
        _ file: ImageFile, acceptsELF: Bool = false, at path: FilePath
    ) throws(InspectionError) {
        let count = min(UInt64(ForeignForm.examinedByteCount), file.byteCount.value)
        let start = try reading(path) { try file.read(Int(count), at: 0) }
        guard let form = ForeignForm(startingWith: start), !(acceptsELF && form == .elf) else {
            return
        }
        throw .foreign(path, form)
    }

    /// Reads an open file; an error of the source becomes one of this type.
    static func reading<Value>(
        _ path: FilePath, _ body: () throws -> Value
    ) throws(InspectionError) -> Value {
        do { return try body() } catch let error as InspectionError {
            throw error
        } catch {
            let cause = error as? DiskReadError ?? DiskReadError(offset: 0, cause: "\(error)")
            throw .cannotRead(path, cause)
        }
    }
}
