import Foundation

/// The sizes of the prebuilt loaders.
struct LoaderSizes {
    let folder: String

    private static let limits = [
        ("bios.bin", 32.0), ("BOOTX64.EFI", 48.0), ("BOOTAA64.EFI", 48.0),
    ]

    func run(_ report: inout Report) throws {
        for (name, limit) in Self.limits {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            guard let byteCount = attributes[.size] as? Int else { continue }
            report.add(Target(name, Double(byteCount) / 1024, atMost: limit, .kibibytes))
        }
    }
}
