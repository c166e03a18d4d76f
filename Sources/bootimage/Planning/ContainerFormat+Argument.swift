public import ArgumentParser
public import DiskImage

extension ContainerFormat: ExpressibleByArgument {}

extension ContainerFormat {
    /// What the names of such files end in, after a dot.
    var fileExtension: String { self == .raw ? "img" : rawValue }
}
