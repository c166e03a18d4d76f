import Foundation

/// Whether the tests at scale run in full (`make soak`) or only a sample.
public enum Soak {
    /// True if BOOTIMAGE_SOAK=1 is in the environment.
    public static let isOn = ProcessInfo.processInfo.environment["BOOTIMAGE_SOAK"] == "1"

    /// Returns the full count when soaking, otherwise the count of the sample.
    public static func count(_ all: Int, sample: Int) -> Int { isOn ? all : sample }
}
