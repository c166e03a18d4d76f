import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// Containers that would show the guest, or qemu-img, other files of this machine.
@Suite(.needs("qemu-img", "chmod"))
struct HostileContainerTests {
    /// How a container of a format is made to need another file.
    enum Attack: String, CaseIterable, CustomTestStringConvertible {
        case qcow2Backing, qcow2Server, qcow2Data, vmdkBacking, vmdkExtent, vmdkFooter
        case vdiParent, vhdParent, vhdxParent

        var testDescription: String { rawValue }

        /// What the message says of it.
        var words: String {
            switch self {
            case .qcow2Backing: "the backing file “secret”"
            case .qcow2Server: "the backing file “nbd://127.0.0.1:1/x”"
            case .qcow2Data: "a data file of its own"
            case .vmdkBacking, .vmdkFooter: "the backing file “secret"
            case .vmdkExtent: "RW 2048 FLAT \"secret\" 0"
            case .vdiParent, .vhdParent, .vhdxParent: "a parent image"
            }
        }

        /// Arguments of `qemu-img create`.
        fileprivate var creation: [String] {
            switch self {
            case .qcow2Backing: ["-f", "qcow2", "-b", "secret", "-F", "raw", "disk"]
            case .qcow2Server:
                ["-u", "-f", "qcow2", "-b", "nbd://127.0.0.1:1/x", "-F", "raw", "disk", "1M"]
            case .qcow2Data: ["-f", "qcow2", "-o", "data_file=secret", "disk", "1M"]
            case .vmdkBacking: ["-f", "vmdk", "-b", "secret.vmdk", "-F", "vmdk", "disk"]
            case .vmdkExtent: ["-f", "vmdk", "disk", "1M"]
            case .vmdkFooter: ["-f", "vmdk", "-o", "subformat=streamOptimized", "disk", "1M"]
            case .vdiParent: ["-f", "vdi", "disk", "1M"]
            case .vhdParent: ["-f", "vpc", "disk", "1M"]
            case .vhdxParent: ["-f", "vhdx", "disk", "1M"]
            }
        }

        /// What is changed in the file that qemu-img made.
        fileprivate func change(_ bytes: inout [UInt8]) throws {
            switch self {
            case .qcow2Backing, .qcow2Server, .qcow2Data, .vmdkBacking: break
            case .vmdkExtent:
                // Without a capacity, the descriptor names the extents.
                bytes.replaceSubrange(12..<20, with: repeatElement(0, count: 8))
                try Self.replace("RW 2048 SPARSE \"disk\"", by: "RW 2048 FLAT \"secret\" 0", &bytes)
            case .vmdkFooter:
                // A second header at the end takes precedence; its descriptor is another one.
                let hint = Array("# Disk DescriptorFile\nparentFileNameHint=\"secret\"\n".utf8)
                let sector = UInt8(bytes.count / 512)
                bytes += hint + repeatElement(0, count: 20 * 512 - hint.count)
                var footer = Array(bytes[..<512])
                footer[28] = sector
                bytes += [UInt8](repeating: 0, count: 512) + footer
                bytes += [UInt8](repeating: 0, count: 512)
                bytes.replaceSubrange(56..<64, with: repeatElement(0xFF, count: 8))
            case .vdiParent: bytes[0x1B8] = 1
            case .vhdParent: bytes[63] = 4
            case .vhdxParent:
                let parameters: [UInt8] = [
                    0x37, 0x67, 0xA1, 0xCA, 0x36, 0xFA, 0x43, 0x4D,
                    0xB3, 0xB6, 0x33, 0xF0, 0xAA, 0x44, 0xE7, 0x6B,
                ]
                let entry = try #require(bytes.firstRange(of: parameters)).lowerBound
                let table = try #require(bytes.firstRange(of: Array("metadata".utf8))).lowerBound
                let offset = bytes[entry + 16..<entry + 20].reversed()
                    .reduce(0) { $0 << 8 | Int($1) }
                bytes[table + offset + 4] |= 2
            }
        }

        private static func replace(
            _ old: String, by new: String, _ bytes: inout [UInt8]
        ) throws {
            let range = try #require(bytes.firstRange(of: Array(old.utf8)))
            let padding = repeatElement(UInt8(ascii: "\n"), count: old.utf8.count)
            bytes.replaceSubrange(range, with: padding)
            bytes.replaceSubrange(range.prefix(0), with: Array(new.utf8))
        }
    }

    @Test(arguments: Attack.allCases, ["run", "test", "inspect", "verify"])
    func `a container that needs another file is refused before anything opens it`(
        _ attack: Attack, _ command: String
    ) async throws {
        try await withTemporaryFolder { folder in
            try Data(count: 1 << 20).write(to: URL(filePath: folder.appending("secret").string))
            try await Self.create(["-f", "vmdk", "secret.vmdk", "1M"], in: folder)
            try await Self.create(attack.creation, in: folder)
            let disk = folder.appending("disk")
            var bytes = try read(disk)
            try attack.change(&bytes)
            try write(bytes, to: disk)
            // Programs that would open it are not started at all.
            let programs = try makeFolder(folder.appending("bin"))
            let called = folder.appending("called")
            for name in ["qemu-img", "qemu-system-x86_64"] {
                let program = programs.appending(name)
                try write("#!/bin/sh\n: > '\(called)'\n".utf8, to: program)
                try await Tool(name: "chmod").succeed(["+x", program.string])
            }
            let verdict = try await Project.bootimage.run(
                [command, disk.string], environment: ["PATH": "\(programs):/usr/bin:/bin"])
            verdict.expectRefusal(65, saying: "\(disk): is a container", attack.words)
            #expect(!FileManager.default.fileExists(atPath: called.string))
        }
    }

    private static func create(_ arguments: [String], in folder: FilePath) async throws {
        let verdict = try await Tool(name: "qemu-img").run(
            ["create", "-q"] + arguments, workingDirectory: folder)
        try #require(verdict.exitCode == 0, "\(verdict.text)")
    }
}
