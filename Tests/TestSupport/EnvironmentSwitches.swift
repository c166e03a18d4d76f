import Foundation

/// The inputs that fuzzing starts from: inputs from the tests, one file each.
public enum SeedCorpus {
    /// The folder to fill, from FUZZ_CORPUS in the environment; nil when not fuzzing.
    public static let folder = ProcessInfo.processInfo.environment["FUZZ_CORPUS"]

    /// Writes inputs for a reader; does nothing without a folder to fill.
    public static func write(_ inputs: [[UInt8]], for reader: String) throws {
        guard let folder else { return }
        let place = URL(filePath: folder).appending(path: reader)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for (index, input) in inputs.enumerated() {
            try Data(input).write(to: place.appending(path: "seed-\(index)"))
        }
    }
}

/// Whether the tests at scale run in full (`make soak`) or only a sample.
public enum Soak {
    /// True if BOOTIMAGE_SOAK=1 is in the environment.
    public static let isOn = ProcessInfo.processInfo.environment["BOOTIMAGE_SOAK"] == "1"

    /// Returns the full count when soaking, otherwise the count of the sample.
    public static func count(_ all: Int, sample: Int) -> Int { isOn ? all : sample }
}
