import Foundation

/// Whether tests at scale do all they can (`make soak`), or a sample of it.
public enum Soak {
    /// Set by BOOTIMAGE_SOAK=1 in the environment.
    public static let isOn = ProcessInfo.processInfo.environment["BOOTIMAGE_SOAK"] == "1"

    /// How many of something: all of them, or those of a sample.
    public static func count(_ all: Int, sample: Int) -> Int { isOn ? all : sample }
}
