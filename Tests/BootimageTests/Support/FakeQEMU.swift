import Subprocess
import SystemPackage
import TestSupport

/// A program in QEMU's place that prints its arguments, a line for each, and ends as it is told.
struct FakeQEMU {
    /// Holds what the executable may look at: `bin`, `configuration` and `home`.
    private let folder: FilePath

    /// Installs the program in a folder of its own.
    init(in folder: FilePath, ending command: String = "exit 0") async throws {
        self.folder = folder
        let program = try makeFolder(folder.appending("bin")).appending("qemu-system-x86_64")
        // Files that are passed by descriptor are printed by their names.
        let script = """
            #!/bin/sh
            image=$(/bin/readlink /dev/fd/6) variables=$(/bin/readlink /dev/fd/7)
            printf '%s\\n' "$@" | /bin/sed "s|/dev/fd/6|$image|; s|/dev/fd/7|$variables|"
            \(command)

            """
        try write(script.utf8, to: program)
        try await Tool(name: "chmod").succeed(["+x", program.string])
        try describeFirmware("00-test.json", code: "/f/code.fd")
    }

    /// Where descriptors of firmware are looked for first.
    var firmwareFolder: FilePath { folder.appending("configuration/qemu/firmware") }

    /// The folder that the program is in, for PATH.
    var path: FilePath { folder.appending("bin") }

    /// The executable's home, current folder and folder of temporary files.
    var home: FilePath { folder.appending("home") }

    /// Adds a descriptor of UEFI firmware, plain unless it has features.
    func describeFirmware(
        _ name: String, code: String, variables: String = "/f/vars.fd",
        features: [String] = [],
        target: String = #"{"architecture": "x86_64", "machines": ["pc-q35-*"]}"#
    ) throws {
        let text = """
            {
              "interface-types": ["uefi"],
              "mapping": {
                "device": "flash",
                "executable": {"filename": "\(code)", "format": "raw"},
                "nvram-template": {"filename": "\(variables)", "format": "raw"}
              },
              "targets": [\(target)],
              "features": [\(features.map { "\"\($0)\"" }.joined(separator: ", "))]
            }
            """
        try write(text.utf8, to: makeFolder(firmwareFolder).appending(name))
    }

    /// Runs the executable with this QEMU alone on PATH.
    func run(
        _ arguments: [String], environment: [Environment.Key: String] = [:]
    ) async throws -> Tool.Verdict {
        let home = try makeFolder(home)
        var settings: [Environment.Key: String] = [
            "PATH": path.string, "HOME": home.string, "TMPDIR": home.string,
            "XDG_CONFIG_HOME": folder.appending("configuration").string,
        ]
        settings.merge(environment) { $1 }
        return try await Project.bootimage.run(
            arguments, environment: settings, workingDirectory: home)
    }
}

/// A kernel alone in a folder, and a QEMU in another.
func withKernelAndQEMU(
    ending command: String = "exit 0",
    _ body: (_ folder: FilePath, _ kernel: String, _ qemu: FakeQEMU) async throws -> Void
) async throws {
    try await withTemporaryFolder { other in
        let qemu = try await FakeQEMU(in: other, ending: command)
        try await withKernel { try await body($0, $1.string, qemu) }
    }
}
