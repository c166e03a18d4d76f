import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit
@testable import HostSystem
@testable import bootimage

/// `bootimage doctor` on machines where something is missing, fails or hangs.
struct DoctorCommandTests {
    private static let programs =
        [RequiredProgram.qemu, .qemuForAArch64] + RequiredProgram.others.filter { $0 != .guestFS }

    @Test func `a complete machine has no faults`() async throws {
        try await withFakeHost { host in
            let (exitCode, report) = try await host.examine()
            #expect(exitCode == 0)
            #expect(report.usable)
            #expect(report.faults == [])
            #expect(
                report.findings.map(\.name) == [
                    "QEMU", "UEFI firmware", "Secure Boot", "QEMU, AArch64", "UEFI, AArch64",
                    "Secure, AArch64", "KVM", "libelf", "Swift", "Embedded Swift", "clang", "Rust",
                    "LLD", "llvm-objdump", "llvm-symbolizer",
                    "libguestfs", "qemu-img", "zstd", "xz", "sbsign", "OpenSSL",
                ])
            let qemu = try #require(report["QEMU"])
            #expect(qemu.version == "9.8.7")
            #expect(qemu.path == host.qemu.path.appending("qemu-system-x86_64").string)
            let firmware = try #require(report["UEFI firmware"])
            #expect(firmware.path?.hasSuffix("/code.fd") == true)
            #expect(
                firmware.descriptor == host.qemu.firmwareFolder.appending("00-test.json").string)
            #expect(report["libelf"]?.version?.hasPrefix("0.") == true)
        }
    }

    @Test func `the text has a line for each finding, then the verdict`() async throws {
        try await withFakeHost { host in
            try host.remove("clang")
            let verdict = try await host.qemu.run(["doctor"])
            #expect(verdict.exitCode == 0)
            #expect(verdict.lines.count == 23)
            #expect(verdict.lines.first?.hasPrefix("bootimage ") == true)
            #expect(verdict.lines.last?.hasPrefix("usable; ") == true)
            #expect(
                verdict.says(
                    "  note  clang            clang is not on PATH: kernels in C need another "
                        + "compiler; apt install clang\n"), "\(verdict.text)")
        }
    }

    @Test(arguments: programs.map(\.executable))
    func `a missing program is reported with a remedy`(_ executable: String) async throws {
        try await withFakeHost { host in
            let program = try #require(Self.programs.first { $0.executable == executable })
            try host.remove(executable)
            let (exitCode, report) = try await host.examine()
            #expect(report.faults == [program.name])
            let finding = try #require(report[program.name])
            #expect(finding.problem == "\(executable) is not on PATH")
            #expect(finding.remedy == program.remedy)
            #expect(finding.path == nil)
            let isQEMU = executable == "qemu-system-x86_64"
            #expect(exitCode == (isQEMU ? 69 : 0))
            #expect(report.usable == !isQEMU)
            #expect(finding.status == (isQEMU ? "error" : "note"))
        }
    }

    @Test func `missing firmware is reported with the searched folders`() async throws {
        try await withFakeHost { host in
            try host.removeFirmware()
            let (exitCode, report) = try await host.examine()
            #expect(exitCode == 0)
            #expect(
                report.faults == [
                    "UEFI firmware", "Secure Boot", "UEFI, AArch64", "Secure, AArch64",
                ])
            for name in report.faults {
                let problem = report[name]?.problem ?? ""
                for folder in [host.qemu.firmwareFolder.string, "/usr/share/qemu/firmware"] {
                    #expect(problem.contains(folder), "\(problem)")
                }
                #expect(report[name]?.remedy?.hasPrefix("apt install ") == true)
            }
            for (name, package) in [
                ("UEFI firmware", "ovmf"), ("UEFI, AArch64", "qemu-efi-aarch64"),
            ] {
                #expect(report[name]?.remedy == "apt install \(package)")
            }
        }
    }

    @Test func `a descriptor of missing files is reported`() async throws {
        try await withFakeHost { host in
            try host.qemu.describeFirmware("00-test.json", code: "/f/code.fd")
            let (_, report) = try await host.examine()
            let problem = report["UEFI firmware"]?.problem ?? ""
            #expect(problem.hasPrefix("/f/code.fd, which "))
            #expect(problem.hasSuffix("cannot be read: No such file or directory"), "\(problem)")
        }
    }

    @Test(arguments: ["qemu-system-x86_64", "swiftc", "zstd"])
    func `a failing program is reported with its output`(_ executable: String) async throws {
        try await withFakeHost { host in
            try await host.install(executable, "echo 'no library' >&2; echo more; exit 3")
            let (exitCode, report) = try await host.examine()
            #expect(exitCode == (executable == "qemu-system-x86_64" ? 69 : 0))
            let path = host.qemu.path.appending(executable)
            #expect(
                report.findings.compactMap(\.problem).contains(
                    "\(path) ended with status 3 and printed “no library”"))
        }
    }

    @Test func `a program that cannot start or prints no version is reported`() async throws {
        try await withFakeHost { host in
            try write("text".utf8, to: host.qemu.path.appending("clang"))
            try await host.install("ld.lld", "echo hello")
            let (_, report) = try await host.examine()
            let folder = host.qemu.path
            #expect(
                report["clang"]?.problem
                    == "\(folder)/clang cannot be started: Exec format error")
            #expect(report["LLD"]?.problem == "\(folder)/ld.lld prints no version")
        }
    }

    @Test func `the page lists every finding and every key`() async throws {
        try await withFakeHost { host in
            let path = Project.root.appending("docs/doctor.md").string
            let page = try String(contentsOfFile: path, encoding: .utf8)
            let verdict = try await host.qemu.run(["doctor", "--json"])
            for finding in try FakeHost.Report(verdict.output).findings {
                #expect(page.contains("  \(finding.name) "), "\(finding.name)")
            }
            let keys = Set(verdict.lines.compactMap { $0.wholeMatch(of: /\s*"(\w+)": .*/)?.1 })
            #expect(keys.count == 11)
            for key in keys { #expect(page.contains("`\(key)`"), "\(key)") }
        }
    }

    @Test(arguments: [
        ("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)", "7.2.22"),
        ("Swift version 6.3.1 (swift-6.3.1-RELEASE)\nTarget: x86_64", "6.3.1"),
        ("LLVM (http://llvm.org/):\n  LLVM version 19.1.7", "19.1.7"),
        ("LLD 21.0.0 (https://github.com/x 11673e) (compatible with GNU linkers)", "21.0.0"),
        ("libguestfs 1.48.6", "1.48.6"), ("version 7", nil), ("", nil),
    ])
    func `a version is the first number with dots`(_ answer: String, _ version: String?) {
        #expect(RequiredProgram.version(in: answer) == version)
    }
}
