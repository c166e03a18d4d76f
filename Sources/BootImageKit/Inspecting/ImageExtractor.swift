package import HostSystem
package import SystemPackage

import DiskImage
import ELFKit

/// Takes a file out of an image.
package struct ImageExtractor {
    /// Something that can be taken out.
    private struct Item {
        let name: String
        let byteCount: UInt64
        /// Where its bytes lie, in bytes from the image's start, in its order.
        let runs: [Range<UInt64>]
    }

    private let inspection: ImageInspection
    private var image: FilePath { inspection.image }
    private var map: ImageMap { inspection.map }

    package init(_ inspection: ImageInspection) { self.inspection = inspection }

    /// Writes what is called `path` in the image to a file, or beside the image if none is named,
    /// and returns where it is.
    ///
    /// - Throws: ``Failure`` if there is nothing or more than one thing of that name, if its bytes
    ///   are not all there, or if it cannot be written: the output is then as it was.
    package func write(_ path: String, to output: FilePath?) throws(Failure) -> FilePath {
        let item = try item(path)
        guard item.runs.reduce(0, { $0 + $1.length }) == item.byteCount,
            item.runs.allSatisfy({ $0.upperBound <= map.byteCount.value })
        else {
            throw Failure(
                .badInput,
                "\(image): \(item.name): its clusters do not hold its \(item.byteCount) bytes; "
                    + "bootimage verify tells more")
        }
        let place = if let output { output } else { try place(beside: item) }
        try write(item, to: place)
        return place
    }

    /// A file of a volume, or else what the payload's item is called.
    private func item(_ path: String) throws(Failure) -> Item {
        let wanted = (path.hasPrefix("/") ? path : "/\(path)").uppercased()
        let nodes =
            (map.volumes.map { FileTree($0) } + (map.isoVolume.map { [FileTree($0)] } ?? []))
            .flatMap(\.nodes).filter { $0.path.uppercased() == wanted }
        let files = nodes.filter { !$0.isFolder }
        // On a disc for UEFI too, files of the ISO 9660 volume are those of the FAT volume.
        let places = Set(files.map(\.runs))
        if places.count > 1 {
            throw Failure(.badInput, "\(image): has \(places.count) files \(path); rename one")
        }
        if let file = files.first {
            return Item(name: file.path, byteCount: file.byteCount, runs: file.runs)
        }
        if !nodes.isEmpty {
            throw Failure(.badInput, "\(image): \(path) is a folder; name a file in it")
        }
        let names: [String: PayloadKind] = [
            "/KERNEL": .kernel, "/RAMDISK": .ramdisk, "/BOOT.JSON": .bootConfiguration,
        ]
        if let kind = names[wanted], let item = map.payload?[kind] {
            return Item(name: path, byteCount: item.bytes.length, runs: [item.bytes])
        }
        if wanted == "/KERNEL", map.payload == nil { return try self.item(kernelPath) }
        throw Failure(
            .missingInput, "\(image): has no \(path); bootimage inspect \(image) lists what it has")
    }

    /// The first kernel there is in a volume, x86-64's before others; that if there is none.
    private var kernelPath: String {
        let paths = map.volumes.flatMap(\.files).map { $0.path.lowercased() }
        let names = Architecture.allCases.map { "/" + $0.uefiKernelName }
        return names.first(where: paths.contains) ?? names[0]
    }

    /// Where nothing is yet: what somebody has there is not for this tool to replace unasked.
    private func place(beside item: Item) throws(Failure) -> FilePath {
        let last = item.name.split(separator: "/").last.map(String.init) ?? ""
        let isName = !last.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard isName, let name = FilePath.Component(last), name.kind == .regular else {
            throw Failure(
                .usage, "\(image): \(item.name) is no name for a file here; add --output FILE")
        }
        let place = image.removingLastComponent().appending(name)
        let isThere = (try? place.stat(followTargetSymlink: false)) != nil
        if isThere {
            throw Failure(
                .cannotCreateOutput,
                "\(place): is there already; name another by --output FILE, or this to replace it")
        }
        return place
    }

    private func write(_ item: Item, to output: FilePath) throws(Failure) {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.openForReading(image)
        } catch {
            throw Failure(.missingInput, "\(image): cannot be read: \(error)")
        }
        defer { try? descriptor.close() }
        do throws(WriteError) {
            let input = try ImageInput(descriptor, path: image)
            let pieces = item.runs.map { run in
                Content.input(
                    index: 0, offset: ByteCount(run.lowerBound), length: ByteCount(run.length))
            }
            try ImageWriter(inputs: [input]).write(.joined(pieces), to: output)
        } catch {
            throw Failure(error)
        }
    }
}
