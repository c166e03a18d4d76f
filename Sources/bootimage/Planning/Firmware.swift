/// What starts the loader in a machine.
enum Firmware: String, CaseIterable, Sendable {
    case bios
    case uefi
}
