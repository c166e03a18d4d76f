import DiskImage

extension ImageFormat: NamedChoice {}

extension ContainerFormat {
    /// What the names of such files end in, after a dot.
    var fileExtension: String { self == .raw ? "img" : rawValue }
}
