import DiskImage
import GuestFSProtocol
import HostSystem
import SystemPackage

/// What Linux reads from an image's FAT volumes, compared with what our own checks read.
enum SecondOpinion {
    /// The differences; `report` gets libguestfs's progress.
    static func findings(
        on verification: Verification, of source: ImageFile, opened image: FileDescriptor,
        at path: FilePath, report: GuestFSHelper.Report
    ) throws(BuildError) -> [ImageFinding] {
        let volumes = verification.volumes
        if volumes.isEmpty { return [] }
        guard let helper = GuestFSHelper() else { throw .guestFS(.noHelper(partition: nil)) }
        let disk = GuestFSRequest.Disk(
            image: Int32(GuestFSHelper.firstDescriptor),
            sectorByteCount: verification.sectorSize.rawValue, volumes: volumes.map(\.partition))
        var answers: [(files: [GuestFSEvent.File], problem: GuestFSError?)] =
            volumes.map { _ in ([], nil) }
        try helper.run(
            .read(disk: disk), passing: [image],
            titles: disk.volumes.map { $0.map { "partition \($0)" } ?? "volume" },
            explain: { error, _ in .failed(error, subject: "\(path)", source: nil) },
            take: { event in
                switch event {
                case .found(let file, let item): answers[item].files.append(file)
                case .unreadable(let error, let item): answers[item].problem = error
                default: break
                }
            }, report: report)
        var findings: [ImageFinding] = []
        for (volume, answer) in zip(volumes, answers) {
            if let problem = answer.problem {
                findings.append(
                    ImageFinding(
                        .secondOpinion, place: "libguestfs", offset: volume.offset,
                        found: "says “\(problem.detail)”", allowed: "mounted and read"))
            }
            findings += try differences(volume, answer.files, source, path)
        }
        return findings
    }

    private static func differences(
        _ volume: FATVolumeContents, _ found: [GuestFSEvent.File], _ source: ImageFile,
        _ image: FilePath
    ) throws(BuildError) -> [ImageFinding] {
        let ours = try volume.files.map { file throws(BuildError) in
            try attempt(read(file, source), orThrow: { BuildError.disk(image, $0) })
        }
        let (mine, theirs) = (byName(ours), byName(found))
        return Set(mine.keys).union(theirs.keys).sorted().compactMap { name in
            let (allowed, found) = (mine[name], theirs[name])
            if allowed?.text == found?.text { return nil }
            return ImageFinding(
                .secondOpinion, place: allowed?.path ?? found?.path ?? name, offset: volume.offset,
                found: found.map { "with \($0.text) in Linux" } ?? "unknown to Linux",
                allowed: allowed?.text ?? "unknown")
        }
    }

    /// Linux may write a short name in small letters.
    private static func byName(_ files: [GuestFSEvent.File]) -> [String: GuestFSEvent.File] {
        Dictionary(files.map { ($0.path.uppercased(), $0) }) { first, _ in first }
    }

    private static func read(
        _ file: FATVolumeContents.File, _ source: ImageFile
    ) throws(DiskReadError) -> GuestFSEvent.File {
        var checksum = POSIXChecksum()
        try source.forEachPiece(of: file.runs) { bytes, _ in checksum.take(bytes) }
        return GuestFSEvent.File(
            path: file.path, byteCount: file.byteCount, checksum: checksum.value)
    }
}

extension GuestFSEvent.File {
    fileprivate var text: String { "\(byteCount) bytes, cksum \(checksum)" }
}

extension GuestFSError {
    /// libguestfs's own message, or what happened.
    fileprivate var detail: String {
        switch self {
        case .call(_, let message, _), .full(let message): message
        case .notStarted(let message, let console): console.last ?? message
        case .unsupported(let fileSystem): "no programs for \(fileSystem.rawValue)"
        case .unreadableSource(let path, let errno): "\(path): \(Errno(rawValue: errno))"
        case .changedSource(let path): "\(path): changed"
        case .unknownLine(let text): "a list of files with the line “\(text)”"
        case .imageRemoved(let errno): "\(Errno(rawValue: errno))"
        case .interrupted: "interrupted"
        }
    }
}
