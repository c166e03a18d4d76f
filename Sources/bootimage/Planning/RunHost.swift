import BootImageKit
import DiskImage
import GuestKit
import HostSystem
import Settings
import SystemPackage

/// The programs on this machine that a plan needs, found before any work is done.
enum RunHost: Equatable {
    case qemu(QEMUHost)
    case userProgram(FilePath)

    static func check(_ plan: RunPlan) throws -> RunHost {
        try plan.secureBootKeys?.check()
        try plan.build?.checkHost()
        if let name = plan.userCommand?.first {
            return .userProgram(try SettingKey.runCommand.program(name))
        }
        let host = try QEMUHost.find(for: plan.machine, plan.firmware)
        for file in host.unreadableDescriptors {
            Console.warning("\(file): not a firmware descriptor; skipped")
        }
        return .qemu(host)
    }
}

extension RunPlan {
    func command(on host: RunHost) -> GuestCommand {
        switch host {
        case .userProgram(let program):
            let words = (userCommand ?? []).dropFirst()
            return GuestCommand(
                program: program,
                arguments: words.map { $0.replacing("{}", with: image.string) } + extra,
                image: image)
        case .qemu(var host):
            if secureBootKeys != nil { host.uefi?.variables = variables }
            var invocation = QEMUInvocation(host: host, image: image, machine: machine)
            invocation.format = format
            invocation.showsWindow = host.hasDisplay && !isHeadless
            (invocation.observation, invocation.extra) = (observation, extra)
            return GuestCommand(invocation)
        }
    }

    /// Writes the image, if it is built, and the firmware's variables, if keys are enrolled.
    func write(
        for host: RunHost,
        _ fileSystems: FileSystems = FileSystems(report: Console.guestFSProgress())
    ) throws {
        if let build {
            let kernels = try KernelFiles(build.content.kernels.map(\.path))
            let builder = try ImageBuilder(build, kernels, fileSystems: fileSystems)
            for warning in builder.warnings { Console.warning(warning.text) }
            for output in build.outputs {
                try builder.write(builder.layOut(output.kind), to: output.path)
            }
        }
        guard let secureBootKeys, case .qemu(let host) = host, let uefi = host.uefi else { return }
        try AtomicFile.write(secureBootKeys.enrolled(in: uefi.variables), to: variables)
    }
}
