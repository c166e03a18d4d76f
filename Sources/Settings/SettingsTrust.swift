package import SystemPackage

import HostSystem
import Libc

/// Whose `bootimage.toml` in a folder above the current one is followed: it may run programs.
///
/// The rules are those of git's `safe.directory`.
package struct SettingsTrust: Sendable {
    /// The folders to trust whatever their owner, separated by colons, or `*` for all of them.
    package static let variable = "BOOTIMAGE_SAFE_DIRECTORY"

    let user: UInt32
    /// The user on whose behalf sudo runs this process as root.
    let sudoUser: UInt32?
    let safeFolders: [FilePath]
    let trustsAll: Bool

    package init(user: UInt32, environment: (String) -> String?) {
        self.user = user
        sudoUser = environment("SUDO_UID").flatMap { UInt32($0) }
        let folders = (environment(Self.variable) ?? "").split(separator: ":")
        safeFolders = folders.map { FilePath(String($0)).lexicallyNormalized() }
        trustsAll = folders.contains("*")
    }

    /// The trust of this process.
    static var current: SettingsTrust { SettingsTrust(user: geteuid()) { Environment[$0] } }

    /// Whether a file of that owner in that folder, an absolute path, is followed.
    package func accepts(owner: UInt32, folder: FilePath) -> Bool {
        owner == user || user == 0 && owner == sudoUser || trustsAll
            || safeFolders.contains { $0 == folder || $0.resolved == (folder.resolved ?? folder) }
    }

    /// Refuses a file of another user; a symbolic link counts as its own owner's.
    func check(_ path: FilePath) throws(SettingsError) {
        guard let status = try? path.stat(followTargetSymlink: false) else {
            throw .unreadable(path)
        }
        let owner = status.rawValue.st_uid
        guard accepts(owner: owner, folder: path.removingLastComponent()) else {
            throw .otherOwner(path, owner: owner, user: user)
        }
    }
}
