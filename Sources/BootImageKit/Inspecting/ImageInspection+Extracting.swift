package import DiskImage
import ELFKit
import HostSystem
package import SystemPackage

/// Why a file was not extracted from an image; the output is unchanged.
package enum ExtractionError: Error, Equatable, Sendable {
    case notFound(String)
    case severalFiles(String, count: Int)
    case folder(String)
    /// A damaged file: its clusters do not hold as many bytes.
    case incomplete(String, byteCount: UInt64)
    /// The file's name cannot be used here, and no output was named.
    case badName(String)
    /// A file of that name exists beside the image, and no output was named.
    case outputExists(FilePath)
    case image(InspectionError)
    case writing(WriteError)
}

extension ImageInspection {
    /// A file, and where its bytes lie, in bytes from the image's start, in the file's order.
    private typealias Item = (name: String, byteCount: UInt64, runs: [Range<UInt64>])

    /// Writes the image's file `path` to a file, by default beside the image under its own name,
    /// and returns that file's path.
    package func extract(_ path: String, to output: FilePath?) throws(ExtractionError) -> FilePath {
        let item = try item(path)
        guard item.runs.reduce(0, { $0 + $1.length }) == item.byteCount,
            item.runs.allSatisfy({ $0.upperBound <= map.byteCount.value })
        else { throw .incomplete(item.name, byteCount: item.byteCount) }
        let place = if let output { output } else { try place(beside: item) }
        try write(item, to: place)
        return place
    }

    /// Finds a file in a volume, or else an item of the payload by its name.
    private func item(_ path: String) throws(ExtractionError) -> Item {
        let wanted = (path.hasPrefix("/") ? path : "/\(path)").uppercased()
        let trees =
            map.volumes.map { FileTree($0) }
            + [map.isoVolume].compactMap(\.self).map { FileTree($0) }
        let nodes = trees.flatMap(\.nodes).filter { $0.path.uppercased() == wanted }
        let files = nodes.filter { !$0.isFolder }
        // A disc's ISO 9660 volume has the same files as its FAT volume, at the same places.
        let places = Set(files.map(\.runs))
        if places.count > 1 { throw .severalFiles(path, count: places.count) }
        if let file = files.first {
            return (file.path, file.byteCount, file.runs)
        }
        if !nodes.isEmpty { throw .folder(path) }
        let role = FileRole.allCases.first { "/\($0.payloadName)".uppercased() == wanted }
        if let kind = role?.payloadKind, let item = map.payload?[kind] {
            return (path, item.bytes.length, [item.bytes])
        }
        if wanted == "/KERNEL", map.payload == nil { return try self.item(kernelPath) }
        throw .notFound(path)
    }

    /// The path of a card's kernel, or of the first kernel in a volume, x86-64's before others;
    /// x86-64's if none is there.
    private var kernelPath: String {
        if let card, let kernel = card.kernel { return kernel.path }
        let paths = map.volumes.flatMap(\.files).map { $0.path.lowercased() }
        let names = Architecture.allCases.map { "/" + $0.uefiKernelName }
        return names.first(where: paths.contains) ?? names[0]
    }

    /// A path beside the image where nothing exists: replacing a file takes an explicit output.
    private func place(beside item: Item) throws(ExtractionError) -> FilePath {
        let last = item.name.split(separator: "/").last.map(String.init) ?? ""
        let isName = !last.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard isName, let name = FilePath.Component(last), name.kind == .regular else {
            throw .badName(item.name)
        }
        let place = image.removingLastComponent().appending(name)
        let exists = (try? place.stat(followTargetSymlink: false)) != nil
        if exists { throw .outputExists(place) }
        return place
    }

    private func write(_ item: Item, to output: FilePath) throws(ExtractionError) {
        let descriptor = try attempt(InspectionError.open(image), orThrow: ExtractionError.image)
        defer { try? descriptor.close() }
        let input = try attempt(
            ImageInput(descriptor, path: image), orThrow: ExtractionError.writing)
        let pieces = item.runs.map { run in
            Content.input(
                index: 0, offset: ByteCount(run.lowerBound), length: ByteCount(run.length))
        }
        try attempt(
            ImageWriter(inputs: [input]).write(.joined(pieces), to: output),
            orThrow: ExtractionError.writing)
    }
}

extension FileRole {
    /// What the user calls an item of a payload, which has no names.
    fileprivate var payloadName: String {
        self == .kernel ? "kernel" : uefiFileName(on: .x86_64)
    }
}
