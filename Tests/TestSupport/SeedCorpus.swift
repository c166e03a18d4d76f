import Foundation

/// What fuzzing begins with: inputs that the tests know, one file each.
public enum SeedCorpus {
    /// The folder that the environment asks to be filled, if it does.
    public static let folder = ProcessInfo.processInfo.environment["FUZZ_CORPUS"]

    /// Leaves inputs for the reader of that name; does nothing unless it is asked to.
    public static func write(_ inputs: [[UInt8]], for reader: String) throws {
        guard let folder else { return }
        let place = URL(filePath: folder).appending(path: reader)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for (index, input) in inputs.enumerated() {
            try Data(input).write(to: place.appending(path: "seed-\(index)"))
        }
    }
}
