import ArgumentParser

@main
struct Bootimage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootimage",
        abstract: "Turn a kernel's ELF file into disk images that boot on BIOS and UEFI.")
}
