import BootImageKit
import ELFKit
import GuestKit
import HostSystem

/// A program that the tool or a kernel build runs: how to try it and how to install it.
struct RequiredProgram: Equatable, Sendable {
    let name: String
    let executable: String
    var arguments = ["--version"]
    let loss: String
    /// How to install it, if not as the Debian package that contains it.
    var otherRemedy: String?
    var isRequired = false
    var reportsVersion = true

    static let qemu = RequiredProgram(
        name: "QEMU", executable: "qemu-system-x86_64", loss: "guests cannot boot",
        isRequired: true)

    static let qemuForAArch64 = RequiredProgram(
        name: "QEMU, AArch64", executable: Architecture.aarch64.platform.executable,
        loss: "AArch64 kernels cannot boot")

    /// The helper executable, which reports libguestfs's version.
    static let guestFS = RequiredProgram(
        name: "libguestfs", executable: GuestFSHelper.name,
        loss: "no partitions with ext2, ext4, Btrfs or XFS, and no verify --guestfs",
        otherRemedy: GuestFSHelper.remedy)

    static let cargo = RequiredProgram(
        name: "Rust", executable: "cargo", loss: "kernels in Rust cannot be built",
        otherRemedy: "install Rust from https://rustup.rs")

    static let others = [
        RequiredProgram(
            name: "Swift", executable: "swift", loss: "kernels in Swift cannot be built",
            otherRemedy: swiftRemedy),
        RequiredProgram(
            name: "Embedded Swift", executable: "swiftc",
            arguments: [
                "-target", "x86_64-unknown-none-elf", "-wmo", "-typecheck",
                "-enable-experimental-feature", "Embedded", "-",
            ],
            loss: "kernels in Swift cannot be built", otherRemedy: swiftRemedy,
            reportsVersion: false),
        RequiredProgram(
            name: "clang", executable: "clang", loss: "kernels in C need another compiler"),
        cargo,
        RequiredProgram(name: "LLD", executable: "ld.lld", loss: "kernels need another linker"),
        RequiredProgram(
            name: "llvm-objdump", executable: "llvm-objdump",
            loss: "inspect does not check code"),
        RequiredProgram(
            name: "llvm-symbolizer", executable: "llvm-symbolizer",
            loss: "test reports functions without line numbers"),
        guestFS,
        RequiredProgram(
            name: "qemu-img", executable: "qemu-img",
            loss: "only raw images and ISOs can be built and booted"),
        RequiredProgram(name: "zstd", executable: "zstd", loss: "build rejects --compress zstd"),
        RequiredProgram(name: "xz", executable: "xz", loss: "build rejects --compress xz"),
        RequiredProgram(name: "sbsign", executable: "sbsign", loss: "images cannot be signed"),
        RequiredProgram(
            name: "OpenSSL", executable: "openssl", arguments: ["version"],
            loss: "keys cannot be created, nor images signed or signatures verified"),
    ]

    private static let swiftRemedy = "install Swift 6.3 or later from https://www.swift.org/install"

    var remedy: String { otherRemedy ?? "apt install \(Packages.package(of: executable))" }

    /// Finds the program and runs it, for at most `limit`.
    func find(within limit: Duration) throws(ProgramError) -> Requisite {
        var requisite = Requisite(name: name, loss: loss, isRequired: isRequired)
        let isHelper = self == .guestFS
        requisite.path = isHelper ? GuestFSHelper()?.path : Environment.findProgram(executable)
        let problem: String?
        if let path = requisite.path {
            var program = Program(path: path)
            program.limit = limit
            do throws(ProgramError) {
                let answer = try program.run(arguments)
                requisite.version = reportsVersion ? Self.version(in: answer) : nil
                problem =
                    reportsVersion && requisite.version == nil ? "\(path) prints no version" : nil
            } catch .interrupted(let path, let signal) {
                throw .interrupted(path, by: signal)
            } catch .failed(_, let exit, let output) {
                let end = if case .signal = exit { "was killed by a signal" } else { exit.text }
                let line = output.split(separator: "\n").first
                problem = "\(path) \(end)" + (line.map { " and printed “\($0.prefix(200))”" } ?? "")
            } catch {
                problem = error.text
            }
        } else {
            problem = "\(executable) is not \(isHelper ? "installed" : "on PATH")"
        }
        requisite.fault = problem.map { ($0, remedy) }
        return requisite
    }

    /// The first number with dots in it.
    static func version(in text: String) -> String? {
        let numbers = text.split { !$0.isASCII || !$0.isNumber && $0 != "." }
        return numbers.first { number in
            let parts = number.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count > 1 && parts.allSatisfy { !$0.isEmpty }
        }.map(String.init)
    }
}
