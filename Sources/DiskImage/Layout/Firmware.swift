/// What starts the loader in a machine.
public enum Firmware: String, CaseIterable, Sendable {
    case bios
    case uefi
}
