import DiskImage
import ELFKit
import HostSystem
import SystemPackage

extension CardPlan {
    /// Opens and checks what a card holds besides the user's own files.
    ///
    /// The kernel is the first input, and is flattened.
    func files(
        with content: KernelContent, in opened: OpenInputs
    ) throws(BuildError) -> [BuildInputs.Part] {
        let file = opened.files[0]
        let kernel = try attempt(
            FlatKernel.load(from: file.descriptor, named: file.path.text),
            orThrow: BuildError.kernel)
        var parts: [BuildInputs.Part] = [
            (nil, BoardConfiguration.fileName, .bytes(configuration.bytes)),
            (.kernel, Self.kernelName, Content(kernel.pieces, ofInput: 0)),
        ]
        if let commandLine = content.commandLine {
            parts.append(
                (nil, BoardConfiguration.commandLineName, .bytes("\(commandLine)\n".pathBytes)))
        }
        if let ramdisk = content.ramdisk {
            parts.append((.ramdisk, Self.ramdiskName, try opened.open(ramdisk)))
        }
        for file in try firmwareFiles() {
            parts.append((nil, file.destination, try opened.open(file.source)))
        }
        return parts
    }

    /// The vendor's files, which must all be there, and the device trees of the board's models.
    private func firmwareFiles() throws(BuildError) -> [ExtraFile] {
        guard let folder = firmwareDirectory else { return [] }
        guard let names = try? folder.names().sorted() else { throw .input(folder, .notAFolder) }
        let missing = board.missingFiles(among: names)
        guard missing.isEmpty else { throw .input(folder, .lacksFirmware(missing, board)) }
        let patterns = board.firmwareFiles + [board.deviceTrees]
        return names.filter { name in patterns.contains { name.lowercased().matches($0) } }
            .map { ExtraFile(destination: $0, source: folder.appending(text: $0)) }
    }
}
