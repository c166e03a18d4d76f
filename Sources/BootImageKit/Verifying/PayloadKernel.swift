import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// A kernel in an image, for inspection by ELFKit.
struct PayloadKernel {
    /// Where its bytes lie, in bytes from the image's start.
    private let runs: [Range<UInt64>]
    private let place: String
    private let architecture: Architecture
    /// The boot.json of the same loader; empty if there is none.
    private let settings: [Range<UInt64>]

    /// The kernels that the loaders find, at most one for each architecture.
    static func all(in verification: Verification) -> [PayloadKernel] {
        let files = verification.volumes.flatMap(\.files)
        let settings = files.first { $0.path.lowercased() == "/boot.json" }?.runs ?? []
        let found = Architecture.allCases.compactMap { architecture in
            files.first { $0.path.lowercased() == "/" + architecture.uefiKernelName }.map {
                PayloadKernel(
                    runs: $0.runs, place: $0.path, architecture: architecture, settings: settings)
            }
        }
        if !found.isEmpty { return found }
        guard let payload = verification.payload, let kernel = payload[.kernel] else { return [] }
        return [
            PayloadKernel(
                runs: [kernel.bytes], place: "kernel", architecture: .x86_64,
                settings: payload[.bootConfiguration].map { [$0.bytes] } ?? [])
        ]
    }

    /// Converts an inspection's errors to findings about the image.
    func findings(_ inspection: Inspection) -> [ImageFinding] {
        let problems = inspection.findings.filter { $0.rule.severity == .error }.map {
            "one that cannot be loaded (\($0.message) [\($0.rule)])"
        }
        let found = inspection.kernel.map(\.architecture)
        let other = found.flatMap { $0 == architecture ? nil : "one that is for \($0.name)" }
        return (problems + [other].compactMap(\.self)).map { problem in
            ImageFinding(
                .payloadLoadable, place: inspection.file, offset: offset,
                found: problem, allowed: "loadable")
        }
    }

    /// Its start, in bytes from the image's start.
    private var offset: UInt64 { runs.first?.lowerBound ?? 0 }

    func inspection(of source: ImageFile) throws(DiskReadError) -> Inspection {
        // libelf reads only files.
        let file = try attempt(AnonymousFile()) { (error: FileError) in
            DiskReadError(offset: offset, cause: "no temporary file for the kernel: \(error)")
        }
        let copy = file.descriptor
        try source.forEachPiece(of: runs) { bytes, start throws(DiskReadError) in
            do {
                _ = try copy.writeAll(bytes)
            } catch {
                throw DiskReadError(offset: start, cause: "cannot be copied: \(error)")
            }
        }
        let selected = try bootProtocol(in: source)
        return try attempt(KernelELF.inspect(copy, named: place, as: selected)) {
            (error: ELFError) in
            DiskReadError(offset: offset, cause: "\(error)")
        }
    }

    /// The boot protocol that the loader settings select; the loader reads at most 64 KiB.
    private func bootProtocol(in source: ImageFile) throws(DiskReadError) -> BootProtocol? {
        let limit = BootConfigurationFile.limit.value
        var bytes: [UInt8] = []
        for run in settings where bytes.count <= limit {
            bytes += try source.read(
                Int(min(run.upperBound - run.lowerBound, limit)), at: run.lowerBound)
        }
        return BootConfigurationFile.bootProtocol(in: bytes)
    }
}

extension [LoaderFile] {
    /// The files that this tool's loaders look for.
    static let bootimage = FileRole.allCases.flatMap { role in
        Architecture.allCases.map { architecture in
            LoaderFile(path: role.uefiFileName(on: architecture), kind: role.payloadKind)
        }
    }
}

extension ImageFile {
    /// Reads these ranges, at most a MiB at a time.
    func forEachPiece(
        of runs: [Range<UInt64>],
        _ take: (_ bytes: [UInt8], _ offset: UInt64) throws(DiskReadError) -> Void
    ) throws(DiskReadError) {
        for run in runs {
            for start in stride(from: run.lowerBound, to: run.upperBound, by: 1 << 20) {
                try take(try read(Int(min(1 << 20, run.upperBound - start)), at: start), start)
            }
        }
    }
}
