import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Settings

/// Whose `bootimage.toml` in a folder above the current one is followed.
struct SettingsTrustTests {
    @Test(
        arguments: [
            (1000, [:], 1000, true), (1000, [:], 1001, false), (1000, [:], 0, false),
            (0, [:], 0, true), (0, [:], 1000, false),
            (0, ["SUDO_UID": "1000"], 1000, true), (0, ["SUDO_UID": "1000"], 0, true),
            (0, ["SUDO_UID": "1000"], 1001, false), (0, ["SUDO_UID": "x"], 1000, false),
            (1001, ["SUDO_UID": "1000"], 1000, false),
            (0, ["BOOTIMAGE_SAFE_DIRECTORY": "*"], 1000, true),
            (0, ["BOOTIMAGE_SAFE_DIRECTORY": "/x:/a/os/"], 1000, true),
            (0, ["BOOTIMAGE_SAFE_DIRECTORY": "/a"], 1000, false),
            (0, ["BOOTIMAGE_SAFE_DIRECTORY": ""], 1000, false),
        ] as [(UInt32, [String: String], UInt32, Bool)])
    func `root follows its own files and those of the user of sudo`(
        _ user: UInt32, _ variables: [String: String], _ owner: UInt32, _ isAccepted: Bool
    ) {
        let trust = SettingsTrust(user: user) { variables[$0] }
        #expect(trust.accepts(owner: owner, folder: "/a/os") == isAccepted)
    }

    @Test func `a stranger's file above the current folder is refused`() async throws {
        try await withTemporaryFolder { folder in
            let inner = folder.appending("a/b")
            try FileManager.default.createDirectory(
                atPath: inner.string, withIntermediateDirectories: true)
            let file = folder.appending("bootimage.toml")
            try Data().write(to: URL(filePath: file.string))
            let stranger = SettingsTrust(user: geteuid() + 1) { _ in nil }
            let error = SettingsError.otherOwner(file, owner: geteuid(), user: geteuid() + 1)
            #expect(throws: error) { try SettingsFile.find(from: inner, trust: stranger) }
            #expect(try SettingsFile.find(from: folder, trust: stranger) == file)
            let safe = SettingsTrust(user: geteuid() + 1) { name in
                name == SettingsTrust.variable ? folder.string : nil
            }
            #expect(try SettingsFile.find(from: inner, trust: safe) == file)
            let owner = SettingsTrust(user: geteuid()) { _ in nil }
            #expect(try SettingsFile.find(from: inner, trust: owner) == file)
        }
    }
}
