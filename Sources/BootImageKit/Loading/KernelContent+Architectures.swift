package import HostSystem
package import SystemPackage

import ELFKit

extension KernelContent {
    /// The content with more kernels, and with what each of the kernels is for.
    package func adding(_ others: [FilePath]) throws(Failure) -> KernelContent {
        var content = self
        content.architecture = try Architecture.load(from: kernel)
        content.otherKernels = try others.map { path throws(Failure) in
            OtherKernel(path: path, architecture: try Architecture.load(from: path))
        }
        return content
    }
}

extension Architecture {
    /// What a kernel is for, by the first bytes of its file; x86-64 if they do not tell, for
    /// whoever reads the kernel refuses it then.
    package init(ofKernelStartingWith start: [UInt8]) {
        self = Architecture(ofFileStartingWith: start) ?? .x86_64
    }

    fileprivate static func load(from path: FilePath) throws(Failure) -> Architecture {
        do {
            let descriptor = try FileDescriptor.openForReading(path)
            // An interrupted close has closed it, and nothing was written.
            defer { try? descriptor.close() }
            let start = try [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            return Architecture(ofKernelStartingWith: start)
        } catch Errno.isDirectory {
            return .x86_64
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error)")
        }
    }
}
