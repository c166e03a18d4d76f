import DiskImage
import HostSystem
import SystemPackage

/// What Linux reads from an image's FAT volumes, against what our own checks read.
enum SecondOpinion {
    /// The differences.
    static func findings(
        on verification: Verification, of source: ImageFile, at image: FilePath
    ) throws(Failure) -> [ImageFinding] {
        let volumes = verification.volumes
        let theirs: (files: [[GuestFS.File]], complaints: [String])
        do throws(ProgramError) {
            theirs = try GuestFS.files(
                in: image, sectorByteCount: verification.sectorSize.rawValue,
                partitions: volumes.map(\.partition))
        } catch {
            throw Failure(
                .missingTool,
                "--guestfs: \(Failure(error).message); install it: apt install guestfish")
        }
        var findings = theirs.complaints.map {
            ImageFinding(
                .secondOpinion, place: "guestfish", offset: 0, found: "says “\($0)”",
                allowed: "mounted and read")
        }
        for (index, volume) in volumes.enumerated() {
            let found = index < theirs.files.count ? theirs.files[index] : []
            findings += try differences(volume, found, source, image)
        }
        return findings
    }

    private static func differences(
        _ volume: FATVolumeContents, _ found: [GuestFS.File], _ source: ImageFile,
        _ image: FilePath
    ) throws(Failure) -> [ImageFinding] {
        var ours: [GuestFS.File] = []
        do throws(DiskReadError) {
            for file in volume.files { ours.append(try read(file, source)) }
        } catch {
            throw Failure(.inputOutput, "\(image): \(error)")
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
    private static func byName(_ files: [GuestFS.File]) -> [String: GuestFS.File] {
        Dictionary(files.map { ($0.path.uppercased(), $0) }) { first, _ in first }
    }

    private static func read(
        _ file: FATVolumeContents.File, _ source: ImageFile
    ) throws(DiskReadError) -> GuestFS.File {
        var checksum = POSIXChecksum()
        for run in file.runs {
            for start in stride(from: run.lowerBound, to: run.upperBound, by: 1 << 20) {
                let count = min(1 << 20, run.upperBound - start)
                checksum.take(try source.read(Int(count), at: start))
            }
        }
        return GuestFS.File(
            path: file.path, byteCount: file.byteCount, checksum: checksum.value)
    }
}

extension GuestFS.File {
    /// What there is to compare.
    fileprivate var text: String { "\(byteCount) bytes, cksum \(checksum)" }
}
