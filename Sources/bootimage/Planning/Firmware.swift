import ArgumentParser

/// What starts the loader: one image is for one of them.
enum Firmware: String, CaseIterable, ExpressibleByArgument, Sendable {
    case bios
    case uefi
}
