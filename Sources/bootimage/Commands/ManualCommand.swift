import ArgumentParser
import HostSystem

/// `bootimage manual`: prints the manual page, for `make install`.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Print the manual page bootimage(1) in mdoc format.",
        shouldDisplay: false)

    func run() throws {
        let root = try CommandInfo(toolInfo: Bootimage._dumpHelp())
        let page = ManualPage(root: root)
        try Console.print(page.text, end: "")
    }
}
