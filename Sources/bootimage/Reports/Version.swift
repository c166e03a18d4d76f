/// The version of this tool and of its loaders.
enum Version {
    static let current = "0.1.0-dev"
}
