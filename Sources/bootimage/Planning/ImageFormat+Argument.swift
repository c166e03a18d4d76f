import ArgumentParser
import DiskImage

extension ImageFormat: ExpressibleByArgument {
    init?(argument: String) { self.init(rawValue: argument) }

    static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

extension ContainerFormat {
    /// What the names of such files end in, after a dot.
    var fileExtension: String { self == .raw ? "img" : rawValue }
}
