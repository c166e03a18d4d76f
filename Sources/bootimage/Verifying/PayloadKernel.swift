import DiskImage
import ELFKit
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The kernel in an image, read by the rules for kernels.
struct PayloadKernel {
    /// Where its bytes lie, in bytes from the image's start.
    private let runs: [Range<UInt64>]
    private let place: String

    /// The kernel that the loader would find; `nil` if there is none.
    init?(in verification: Verification) {
        let file = verification.volumes.lazy.flatMap(\.files)
            .first { $0.path.lowercased() == "/kernel-x86_64" }
        if let file {
            (place, runs) = (file.path, file.runs)
        } else if let kernel = verification.payload?[.kernel] {
            (place, runs) = ("kernel", [kernel.bytes])
        } else {
            return nil
        }
    }

    /// What keeps it from being loaded.
    func findings(of source: ImageFile) throws(DiskReadError) -> [ImageFinding] {
        Self.findings(try inspection(of: source), at: offset)
    }

    /// What keeps a kernel that lies there from being loaded.
    static func findings(_ inspection: Inspection, at offset: UInt64) -> [ImageFinding] {
        inspection.findings.filter { $0.rule.severity == .error }.map { finding in
            ImageFinding(
                .payloadLoadable, place: inspection.file, offset: offset,
                found: "one that \(finding.message) [\(finding.rule)]", allowed: "loadable")
        }
    }

    /// Where it starts, in bytes from the image's start.
    var offset: UInt64 { runs.first?.lowerBound ?? 0 }

    /// All that can be said about it.
    func inspection(of source: ImageFile) throws(DiskReadError) -> Inspection {
        // libelf reads files.
        guard let file = tmpfile() else {
            throw DiskReadError(
                offset: offset, cause: "no temporary file for it: \(Errno(rawValue: errno))")
        }
        defer { fclose(file) }
        let copy = FileDescriptor(rawValue: fileno(file))
        for run in runs {
            for start in stride(from: run.lowerBound, to: run.upperBound, by: 1 << 20) {
                let bytes = try source.read(Int(min(1 << 20, run.upperBound - start)), at: start)
                do {
                    _ = try copy.writeAll(bytes)
                } catch {
                    throw DiskReadError(offset: start, cause: "cannot be copied: \(error)")
                }
            }
        }
        do throws(ELFError) {
            return try KernelELF.inspect(copy, named: place)
        } catch {
            throw DiskReadError(offset: offset, cause: "\(error)")
        }
    }
}
