import DiskImage
import ELFKit
import SystemPackage

/// The files that go into an image, open and checked.
struct BuildInputs {
    /// What a file is to the kernel.
    enum Role: CaseIterable {
        case kernel
        case ramdisk
        case bootConfiguration
    }

    let kernel: KernelELF
    /// The files, in the order in which `contents` counts them.
    let files: [ImageInput]
    let contents: [(role: Role, content: Content)]
    /// What sets this image apart from others: from it come GUIDs, volume ID and disk signature.
    let identity: ImageIdentity

    /// Opens every input of the plan and reads the kernel's headers.
    init(_ plan: BuildPlan) throws(Failure) {
        let kernelFile = try Self.open(plan.kernel)
        kernel = try Self.readKernel(kernelFile)
        var files = [kernelFile]
        var roles = [Role.kernel]
        if let ramdisk = plan.ramdisk {
            files.append(try Self.openRegular(ramdisk))
            roles.append(.ramdisk)
        }
        if let path = plan.bootConfiguration {
            let file = try Self.openRegular(path)
            try BootConfigurationFile.check(file)
            files.append(file)
            roles.append(.bootConfiguration)
        }
        contents = zip(roles, files.indices).map { role, index in
            (role, .input(index: index, length: files[index].byteCount))
        }
        self.files = files
        identity = try Self.identify(files)
    }

    private static func openRegular(_ path: FilePath) throws(Failure) -> ImageInput {
        let file = try open(path)
        guard (try? file.descriptor.stat().type) == .regular else {
            throw Failure(.badInput, "\(path): is a folder, a device or a pipe; name a file")
        }
        return file
    }

    private static func open(_ path: FilePath) throws(Failure) -> ImageInput {
        do {
            let descriptor = try FileDescriptor.openWithoutWaiting(path)
            return try ImageInput(descriptor, path: path)
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error)")
        }
    }

    private static func readKernel(_ file: ImageInput) throws(Failure) -> KernelELF {
        do throws(ELFError) {
            return try KernelELF.load(from: file.descriptor, named: file.path.string)
        } catch {
            throw Failure(error)
        }
    }

    /// Combines the loaders with each file's length, beginning and end: reading a gigabyte to
    /// name an image would cost as much as writing it.
    private static func identify(_ files: [ImageInput]) throws(Failure) -> ImageIdentity {
        let sampleByteCount = 64 << 10
        var hasher = IdentityHasher()
        hasher.combine(PrebuiltLoaders.bios)
        hasher.combine(PrebuiltLoaders.uefi)
        for file in files {
            let length = file.byteCount.value
            hasher.combine(length)
            let last = length - min(length, UInt64(sampleByteCount))
            for offset in last == 0 ? [0] : [0, last] {
                hasher.combine(try read(sampleByteCount, from: file, at: Int64(offset)))
            }
        }
        return hasher.finalize()
    }

    private static func read(
        _ byteCount: Int, from file: ImageInput, at offset: Int64
    ) throws(Failure) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
                count = try file.descriptor.read(
                    fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
            }
        } catch {
            throw Failure(.inputOutput, "\(file.path): cannot be read: \(error)")
        }
    }
}

extension FileDescriptor {
    /// Opens a file for reading; a pipe that nobody writes to opens as well, and is empty.
    static func openWithoutWaiting(_ path: FilePath) throws -> FileDescriptor {
        try open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
    }
}
