import Subprocess
import SystemPackage
import TestSupport

/// libguestfs's shell: the Linux kernel of its appliance mounts what was written.
enum Guestfish {
    /// Runs a script and returns all that was printed.
    static func run(_ commands: String, in folder: FilePath) async throws -> String {
        let script = folder.appending("script")
        try write(commands.utf8, to: script)
        return try await Tool(name: "guestfish")(
            "-f", script.string,
            environment: [
                "LIBGUESTFS_BACKEND": "direct", "LIBGUESTFS_BACKEND_SETTINGS": "force_tcg",
            ]
        ).text
    }
}
