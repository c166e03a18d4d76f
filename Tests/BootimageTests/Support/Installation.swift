import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// A copy of the executable in a folder of its own, where only a test's helper is found.
struct Installation {
    let bootimage: Tool
    private let helper: FilePath

    /// Copies the executable to `bin`, as `make install` does.
    init(in folder: FilePath) throws {
        let tool = try makeFolder(folder.appending("installed/bin")).appending("bootimage")
        try FileManager.default.copyItem(atPath: Project.bootimage.name, toPath: tool.string)
        bootimage = Tool(name: tool.string)
        helper = folder.appending("installed/libexec/bootimage/bootimage-guestfs")
    }

    /// Puts a shell script in the helper's place.
    func installHelper(_ script: String) async throws {
        _ = try makeFolder(helper.removingLastComponent())
        try write("#!/bin/sh\n\(script)\n".utf8, to: helper)
        try await Tool(name: "chmod").succeed(["+x", helper.string])
    }
}
