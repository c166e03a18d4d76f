package import SystemPackage

/// A file of the user's beside the kernel's own: on the EFI system partition, or the TFTP server.
package struct ExtraFile: Equatable, Sendable {
    /// The path from the root, with slashes between the names; what FAT allows is checked later.
    package var destination: String
    package var source: FilePath

    package init(destination: String, source: FilePath) {
        self.destination = destination
        self.source = source
    }

    /// Reads `DESTINATION=SOURCE`, which ends at the first equals sign; nil without one, or with
    /// nothing on either side of it.
    package init?(argument: String) {
        guard let sign = argument.firstIndex(of: "=") else { return nil }
        destination = String(argument[..<sign])
        source = FilePath(String(argument[argument.index(after: sign)...]))
        if destination.isEmpty || source.isEmpty { return nil }
    }
}
