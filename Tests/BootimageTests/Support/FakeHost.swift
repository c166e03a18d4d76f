import Foundation
import SystemPackage
import TestSupport

@testable import BootImageKit
@testable import ELFKit
@testable import HostSystem
@testable import bootimage

/// A machine on which every program is a script that tells a version, and UEFI firmware is there.
struct FakeHost {
    let qemu: FakeQEMU

    init(in folder: FilePath) async throws {
        qemu = try await FakeQEMU(in: folder, ending: "echo QEMU emulator version 9.8.7")
        for program in [.qemuForAArch64] + RequiredProgram.others {
            try await install(program.executable, "echo \(program.name) version 9.8.7")
        }
        let files = ["code.fd", "vars.fd"].map { folder.appending($0) }
        for file in files { try write([], to: file) }
        let virt = #"{"architecture": "aarch64", "machines": ["virt-*"]}"#
        let (code, variables) = (files[0].string, files[1].string)
        try qemu.describeFirmware("00-test.json", code: code, variables: variables)
        try qemu.describeFirmware(
            "01-secure.json", code: code, variables: variables,
            features: ["requires-smm", "secure-boot"])
        try qemu.describeFirmware(
            "02-aarch64.json", code: code, variables: variables, target: virt)
        try qemu.describeFirmware(
            "03-secure-aarch64.json", code: code, variables: variables,
            features: ["secure-boot"], target: virt)
    }

    /// Puts a script in a program's place.
    func install(_ name: String, _ script: String) async throws {
        let path = qemu.path.appending(name)
        try write("#!/bin/sh\n\(script)\n".utf8, to: path)
        try await Tool(name: "chmod").succeed(["+x", path.string])
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: qemu.path.appending(name).string)
    }

    /// Hides the firmware that this machine and the machine under it have.
    func removeFirmware() throws {
        let folders: [FilePath] = ["/etc/qemu/firmware", "/usr/share/qemu/firmware"]
        for name in folders.flatMap({ (try? names(in: $0)) ?? [] }) + [
            "00-test.json", "01-secure.json", "02-aarch64.json", "03-secure-aarch64.json",
        ] {
            try write([], to: qemu.firmwareFolder.appending(name))
        }
    }

    /// What `bootimage doctor` ends with and finds.
    func examine(
        _ options: String...
    ) async throws -> (exitCode: Int32, report: Report) {
        let verdict = try await qemu.run(["doctor", "--json"] + options)
        return (verdict.exitCode, try Report(verdict.output))
    }

    /// The JSON that it prints.
    struct Report: Decodable {
        struct Finding: Decodable {
            let name, status: String
            let required: Bool
            let version, path, descriptor, problem, loss, remedy: String?
        }

        let version: String
        let usable: Bool
        let findings: [Finding]

        init(_ text: String) throws {
            self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
        }

        subscript(name: String) -> Finding? { findings.first { $0.name == name } }

        /// What is wrong, but for KVM, which is not the test's.
        var faults: [String] {
            findings.filter { $0.status != "ok" && $0.name != "KVM" }.map(\.name)
        }
    }
}

/// A machine with everything, for one test.
func withFakeHost(_ body: (FakeHost) async throws -> Void) async throws {
    try await withTemporaryFolder { try await body(FakeHost(in: $0)) }
}
