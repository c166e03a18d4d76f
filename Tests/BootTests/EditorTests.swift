import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit
@testable import struct bootimage.NewPackage
@testable import struct bootimage.PackageKind

/// `.vscode` in a new package: F5 builds the kernel, boots it and stops at its first instruction.
struct EditorTests {
    private struct Launch: Decodable {
        struct Configuration: Decodable {
            let name, type, request, preLaunchTask, program: String
            let launchCommands: [String]
            let stopOnEntry: Bool
        }
        let configurations: [Configuration]
    }

    private struct Tasks: Decodable {
        struct Task: Decodable {
            struct Matcher: Decodable {
                struct Pattern: Decodable { let regexp: String }
                struct Background: Decodable {
                    let beginsPattern, endsPattern: String
                    let activeOnStart: Bool
                }
                let pattern: Pattern
                let background: Background?
            }
            let label, command: String
            let isBackground: Bool?
            /// An empty list for a task without problems.
            let problemMatcher: Matcher?

            enum CodingKeys: CodingKey { case label, command, isBackground, problemMatcher }

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                label = try values.decode(String.self, forKey: .label)
                command = try values.decode(String.self, forKey: .command)
                isBackground = try values.decodeIfPresent(Bool.self, forKey: .isBackground)
                problemMatcher = try? values.decode(Matcher.self, forKey: .problemMatcher)
            }
        }
        let tasks: [Task]
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, _ name: FilePath, in package: NewPackage
    ) throws -> Value {
        let file = try #require(package.files.first { $0.path == name })
        return try JSONDecoder().decode(type, from: Data(file.text.utf8))
    }

    @Test(
        arguments: PackageKind.all.flatMap { kind in
            kind.architectures.map { (kind.language, kind.bootProtocol, $0) }
        })
    func `each configuration has a task, and both name files that are built`(
        _ language: NewPackage.Language, _ bootProtocol: BootProtocol, _ architecture: Architecture
    ) throws {
        let package = try NewPackage(
            name: "Demo", language: language, bootProtocol: bootProtocol,
            architecture: architecture, dependency: .path("/b"))
        let launch = try Self.decode(Launch.self, ".vscode/launch.json", in: package)
        let tasks = try Self.decode(Tasks.self, ".vscode/tasks.json", in: package).tasks
        let makefile = try #require(package.files.first { $0.path == "Makefile" }).text
        #expect(launch.configurations.count == architecture.firmwares.count)
        for (configuration, firmware) in zip(launch.configurations, architecture.firmwares) {
            #expect((configuration.type, configuration.request) == ("lldb-dap", "launch"))
            let task = try #require(tasks.first { $0.label == configuration.preLaunchTask })
            #expect(task.isBackground == true && task.problemMatcher?.background != nil)
            #expect(task.command.hasPrefix("make run ") && task.command.contains("--gdb"))
            let built = configuration.program.replacing("${workspaceFolder}/", with: "")
                .replacing("/Demo", with: "")
            let script = "${workspaceFolder}/\(built)/bootimage-Demo.\(firmware.rawValue).lldb"
            let source = #"command source --stop-on-error true "\#(script)""#
            #expect(configuration.launchCommands == [source])
            #expect(makefile.contains("BUILT := \(built)\n"))
        }
    }

    @Test func `problems in what swiftc and clang print are found`() throws {
        let package = try NewPackage(name: "Demo", language: .c, dependency: .path("/b"))
        let tasks = try Self.decode(Tasks.self, ".vscode/tasks.json", in: package).tasks
        let matchers = tasks.compactMap(\.problemMatcher)
        #expect(matchers.count == 3)
        for matcher in matchers {
            let regexp = try Regex(matcher.pattern.regexp)
            #expect("/a b/kernel.c:21:5: error: expected ';'".wholeMatch(of: regexp) != nil)
            #expect("/d/Demo.swift:1:2: warning: unused".wholeMatch(of: regexp) != nil)
            #expect("Building for debugging...".wholeMatch(of: regexp) == nil)
        }
    }

    /// A debugger with what shows that it is at the kernel's first instruction.
    enum Debugger: String {
        case gdb, lldb

        /// The toolchain's lldb needs a version of Python that not every machine has.
        static var canUseLLDB: Bool {
            guard let path = Tool.path(of: "lldb") else { return false }
            let process = Process()
            process.executableURL = URL(filePath: path.string)
            process.arguments = ["--version"]
            (process.standardOutput, process.standardError) = (Pipe(), Pipe())
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
    }

    @Test(
        .needs("clang", "ld.lld", "qemu-system-x86_64", "make", "gdb"),
        arguments: [NewPackage.Language.swift, .c], [Firmware.bios, .uefi])
    func `the task lets gdb enter the kernel`(
        _ language: NewPackage.Language, _ firmware: Firmware
    ) async throws {
        try await Self.enter(language, firmware, with: .gdb)
    }

    @Test(
        .needs("clang", "ld.lld", "qemu-system-x86_64", "make"),
        .enabled(if: Debugger.canUseLLDB, "lldb does not start here"),
        arguments: [NewPackage.Language.swift, .c], [Firmware.bios, .uefi])
    func `the configuration's commands take lldb into the kernel`(
        _ language: NewPackage.Language, _ firmware: Firmware
    ) async throws {
        try await Self.enter(language, firmware, with: .lldb)
    }

    /// Runs a task and what its configuration starts, as the editor does, on a port of its own.
    private static func enter(
        _ language: NewPackage.Language, _ firmware: Firmware, with debugger: Debugger
    ) async throws {
        try await withTemporaryFolder { folder in
            let port = try freePort()
            let made = try await Project.bootimage.run(
                ["new", "Demo", "--language", language.rawValue], workingDirectory: folder)
            try #require(made.exitCode == 0, "\(made.text)")
            let demo = folder.appending("Demo")
            let package = try NewPackage(
                name: "Demo", language: language, dependency: .path(Project.root))
            let configuration = try #require(
                try decode(Launch.self, ".vscode/launch.json", in: package).configurations.first {
                    $0.preLaunchTask == "debug on \(firmware.rawValue.uppercased())"
                })
            let task = try #require(
                try decode(Tasks.self, ".vscode/tasks.json", in: package).tasks.first {
                    $0.label == configuration.preLaunchTask
                })
            let options = "'--gdb --gdb-port \(port) --headless --timeout \(patience)'"
            let command = task.command.replacing("--gdb", with: options)
            let program = FilePath(
                configuration.program.replacing("${workspaceFolder}", with: demo.string))
            let script = program.removingLastComponent().appending(
                "bootimage-Demo.\(firmware.rawValue).\(debugger.rawValue)")
            try await BootSlots.shared.run {
                async let guest = Tool(name: "bash").run(
                    ["-c", command], environment: ["BOOTIMAGE": Project.bootimage.name],
                    workingDirectory: demo)
                for _ in 0..<6000 where !FileManager.default.fileExists(atPath: script.string) {
                    try await Task.sleep(for: .milliseconds(50))
                }
                let launch = configuration.launchCommands.map {
                    $0.replacing("${workspaceFolder}", with: demo.string)
                }
                let arguments: [String] =
                    switch debugger {
                    case .gdb:
                        [
                            "-nx", "-batch", "-x", script.string, "-ex", "info symbol $pc", "-ex",
                            "kill",
                        ]
                    case .lldb:
                        ["--no-lldbinit", "--batch", program.string]
                            + (launch + ["image lookup --address $pc", "process kill"])
                            .flatMap { ["-o", $0] }
                    }
                // Another folder than the task's.
                let entered = try await Tool(name: debugger.rawValue).run(
                    arguments, workingDirectory: folder)
                let verdict = try await guest
                let ends = try #require(task.problemMatcher?.background).endsPattern
                #expect(verdict.text.contains(try Regex(ends)), "\(verdict.text)")
                let place = debugger == .gdb ? "\n_start in section .text" : "Demo`_start"
                #expect(entered.text.contains(place), "\(entered.text)\n\(verdict.text)")
            }
        }
    }
}
