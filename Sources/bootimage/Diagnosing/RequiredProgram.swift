import ELFKit
import SystemPackage

/// A program that the tool, or whoever builds kernels, starts: how to ask it, and how to get it.
struct RequiredProgram: Equatable, Sendable {
    let name: String
    let executable: String
    var arguments = ["--version"]
    let loss: String
    let remedy: String
    var isRequired = false
    /// Whether the answer tells a version.
    var tellsVersion = true

    static let qemu = RequiredProgram(
        name: "QEMU", executable: "qemu-system-x86_64", loss: "nothing boots",
        remedy: "apt install qemu-system-x86", isRequired: true)

    static let qemuForAArch64 = RequiredProgram(
        name: "QEMU, AArch64", executable: Architecture.aarch64.platform.executable,
        loss: "no kernel for AArch64 boots",
        remedy: "apt install \(Architecture.aarch64.platform.package)")

    /// The helper of this executable, which reports libguestfs's version.
    static let guestFS = RequiredProgram(
        name: "libguestfs", executable: GuestFSHelper.name,
        loss: "no partitions with ext2, ext4, Btrfs or XFS, and no verify --guestfs",
        remedy: GuestFSHelper.remedy)

    /// Those that kernels are built and looked at with.
    static let others = [
        RequiredProgram(
            name: "Swift", executable: "swift", loss: "no kernel in Swift is built",
            remedy: swiftRemedy),
        RequiredProgram(
            name: "Embedded Swift", executable: "swiftc",
            arguments: [
                "-target", "x86_64-unknown-none-elf", "-wmo", "-typecheck",
                "-enable-experimental-feature", "Embedded", "-",
            ],
            loss: "no kernel in Swift is built", remedy: swiftRemedy, tellsVersion: false),
        RequiredProgram(
            name: "clang", executable: "clang", loss: "kernels in C need another compiler",
            remedy: "apt install clang"),
        RequiredProgram(
            name: "LLD", executable: "ld.lld", loss: "kernels need another linker",
            remedy: "apt install lld"),
        RequiredProgram(
            name: "llvm-objdump", executable: "llvm-objdump",
            loss: "inspect does not look at code", remedy: "apt install llvm"),
        RequiredProgram(
            name: "llvm-symbolizer", executable: "llvm-symbolizer",
            loss: "test tells functions, but no lines", remedy: "apt install llvm"),
        guestFS,
        RequiredProgram(
            name: "qemu-img", executable: "qemu-img",
            loss: "build --format makes raw images only, and no others are booted",
            remedy: "apt install qemu-utils"),
        RequiredProgram(
            name: "zstd", executable: "zstd", loss: "build refuses --compress zstd",
            remedy: "apt install zstd"),
        RequiredProgram(
            name: "xz", executable: "xz", loss: "build refuses --compress xz",
            remedy: "apt install xz-utils"),
        RequiredProgram(
            name: "sbsign", executable: "sbsign", loss: "nothing is signed",
            remedy: "apt install sbsigntool"),
        RequiredProgram(
            name: "OpenSSL", executable: "openssl", arguments: ["version"],
            loss: "keys new makes none, and nothing is signed", remedy: "apt install openssl"),
    ]

    private static let swiftRemedy = "install Swift 6.3 or later from https://www.swift.org/install"

    /// Looks for it on PATH, or for the helper where this executable starts it, and asks it; that
    /// takes no longer than `limit`.
    func find(within limit: Duration) throws(InterruptedError) -> Requisite {
        var requisite = Requisite(name: name, loss: loss, isRequired: isRequired)
        let isHelper = self == .guestFS
        requisite.path = isHelper ? GuestFSHelper()?.path : Executable.find(executable)
        let problem: String?
        if let path = requisite.path {
            let query = ProgramQuery(program: path, arguments: arguments, limit: limit)
            do throws(ProgramQuery.Problem) {
                let answer = try query.answer()
                requisite.version = tellsVersion ? Self.version(in: answer) : nil
                problem =
                    tellsVersion && requisite.version == nil ? "\(path) tells no version" : nil
            } catch .asked(let signal) {
                throw InterruptedError(signal: signal)
            } catch {
                problem = "\(path) \(error.text(limit: limit))"
            }
        } else {
            problem = "\(executable) is not \(isHelper ? "installed" : "on PATH")"
        }
        requisite.fault = problem.map { Requisite.Fault(problem: $0, remedy: remedy) }
        return requisite
    }

    /// The first number with points in it.
    static func version(in text: String) -> String? {
        let numbers = text.split { !$0.isASCII || !$0.isNumber && $0 != "." }
        return numbers.first { number in
            let parts = number.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count > 1 && parts.allSatisfy { !$0.isEmpty }
        }.map(String.init)
    }
}

extension ProgramQuery.Problem {
    /// What follows the program's path.
    fileprivate func text(limit: Duration) -> String {
        switch self {
        case .notStarted(let errno): "cannot be started: \(errno)"
        case .ended(let status, let output):
            (status & 0x7F == 0 ? "ended with status \(status >> 8)" : "was ended by a signal")
                + (output.split(separator: "\n").first.map { ", saying “\($0.prefix(200))”" } ?? "")
        case .timedOut: "did not end within \(limit.components.seconds) s"
        case .asked(let signal): "was left for signal \(signal)"
        }
    }
}
