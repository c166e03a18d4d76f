import BootImageKit
import ELFKit
import GuestKit
import HostSystem
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
    var reportsVersion = true

    static let qemu = RequiredProgram(
        name: "QEMU", executable: "qemu-system-x86_64", loss: "nothing boots",
        remedy: "apt install qemu-system-x86", isRequired: true)

    static let qemuForAArch64 = RequiredProgram(
        name: "QEMU, AArch64", executable: Architecture.aarch64.platform.executable,
        loss: "no kernel for AArch64 boots",
        remedy: "apt install \(Packages.package(of: Architecture.aarch64.platform.executable))")

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
            loss: "no kernel in Swift is built", remedy: swiftRemedy, reportsVersion: false),
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
    func find(within limit: Duration) throws(ProgramError) -> Requisite {
        var requisite = Requisite(name: name, loss: loss, isRequired: isRequired)
        let isHelper = self == .guestFS
        requisite.path =
            isHelper ? GuestFSHelper()?.path : Environment.findProgram(executable)
        let problem: String?
        if let path = requisite.path {
            var program = Program(path: path)
            program.limit = limit
            do throws(ProgramError) {
                let answer = try program.run(arguments)
                requisite.version = reportsVersion ? Self.version(in: answer) : nil
                problem =
                    reportsVersion && requisite.version == nil ? "\(path) tells no version" : nil
            } catch .interrupted(let path, let signal) {
                throw .interrupted(path, by: signal)
            } catch {
                problem = "\(path) \(error.clause)"
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

extension ProgramError {
    /// What follows the program's path.
    fileprivate var clause: String {
        switch self {
        case .notFound: "is not on PATH"
        case .notStarted(_, let errno): "cannot be started: \(errno)"
        case .failed(_, let exit, let output):
            (exit.isSignal ? "was ended by a signal" : exit.text)
                + (output.split(separator: "\n").first.map { ", saying “\($0.prefix(200))”" } ?? "")
        case .timedOut(_, let limit): "did not end within \(limit.components.seconds) s"
        case .interrupted(_, let signal): "was left for signal \(signal)"
        }
    }
}

extension Exit {
    fileprivate var isSignal: Bool { if case .signal = self { true } else { false } }
}
