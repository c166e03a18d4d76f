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
        let host = try QEMUHost.find(for: plan.machine, plan.starter.firmware)
        for file in host.unreadableDescriptors {
            Console.warning("\(file): not a firmware descriptor; skipped")
        }
        return .qemu(host)
    }
}

extension RunPlan {
    /// The command that boots the image, which has that name, and the file besides it: variables
    /// with the keys, or a board's kernel.
    func command(
        on host: RunHost, image name: FilePath? = nil, companion: FilePath? = nil
    ) -> GuestCommand {
        let name = name ?? image
        switch host {
        case .userProgram(let program):
            let words = (userCommand ?? []).dropFirst()
            return GuestCommand(
                program: program,
                arguments: words.map { $0.replacing("{}", with: name.argument) } + extra,
                image: image)
        case .qemu(var host):
            if secureBootKeys != nil { host.uefi?.variables = companion ?? variables }
            var invocation = QEMUInvocation(host: host, image: name, machine: machine)
            (invocation.format, invocation.isDevice) = (format, isDevice)
            invocation.direct = direct?.boot
            if case .board = starter { invocation.boardKernel = companion ?? boardKernel }
            invocation.showsWindow = host.hasDisplay && !isHeadless
            (invocation.observation, invocation.extra) = (observation, extra)
            invocation.addsExitDevices = addsExitDevices
            var command = GuestCommand(invocation)
            command.image = image
            return command
        }
    }

    /// Writes the image, if it is built, and the firmware's variables, if keys are enrolled.
    ///
    /// - Returns: The command that boots these very files, even if another run has replaced them.
    func prepare(
        for host: RunHost,
        _ fileSystems: FileSystems = FileSystems(report: Console.guestFSProgress())
    ) throws -> GuestCommand {
        if let direct {
            let ramdisk = direct.boot.ramdisk.map { [$0] } ?? []
            try BootFile.check(readable: ramdisk + direct.boot.modules.map(\.path))
            return command(on: host)
        }
        let (file, hasName) =
            try build.map { try write($0, fileSystems) } ?? (openImage(), true)
        if case .userProgram = host, hasName {
            try? file.close()
            return command(on: host)
        }
        var files = [file]
        if let variables = try enrolledVariables(on: host) { files.append(variables) }
        if let kernel = try extractedKernel(from: file) { files.append(kernel) }
        var command = command(
            on: host, image: GuestCommand.name(ofFile: 0),
            companion: GuestCommand.name(ofFile: 1))
        command.files = files
        return command
    }

    private func write(
        _ build: BuildPlan, _ fileSystems: FileSystems
    ) throws(BuildError) -> (file: FileDescriptor, hasName: Bool) {
        let kernels = try KernelFiles(
            build.content.kernels.map(\.path), as: build.content.bootProtocol)
        let builder = try ImageBuilder(build, kernels, fileSystems: fileSystems)
        for warning in builder.warnings { Console.warning(warning.text) }
        let output = build.outputs[0]
        return try builder.writeKeepingOpen(builder.layOut(output.kind), to: output.path)
    }

    /// Opens an image that exists; a container is checked again, in the file that is booted.
    private func openImage() throws(BuildError) -> FileDescriptor {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(
                image, machine.keepsWrites ? .readWrite : .readOnly,
                options: [.closeOnExec, .nonBlocking])
        } catch {
            throw .input(image, .unreadable(error as? Errno ?? .ioError))
        }
        try Container.check(file, format, at: image)
        return file
    }

    /// The kernel on the card that a board boots; nil if firmware boots the image.
    private func extractedKernel(from card: FileDescriptor) throws -> FileDescriptor? {
        guard case .board(let board) = starter else { return nil }
        let byteCount = (try? ImageFile(card))?.byteCount.value ?? 0
        guard byteCount.nonzeroBitCount == 1 else {
            throw Failure(
                .badInput,
                "\(image): has \(byteCount) bytes, and QEMU's SD cards have a power of two; "
                    + "enlarge a copy with truncate --size")
        }
        // Beside a device, nothing is written.
        let kernel = try CardKernel.copy(
            from: card, at: image, for: board, to: isDevice ? nil : boardKernel)
        guard let kernel else {
            throw Failure(
                .badInput,
                "\(image): has no kernel for a \(board.name): config.txt names none that is there; "
                    + "see bootimage verify")
        }
        return kernel
    }

    /// The firmware's variables with the keys, if any are enrolled.
    private func enrolledVariables(on host: RunHost) throws -> FileDescriptor? {
        guard let secureBootKeys, case .qemu(let host) = host, let uefi = host.uefi else {
            return nil
        }
        let bytes = try secureBootKeys.enrolled(in: uefi.variables)
        let file = try KeptFile(replacing: OutputPath(variables))
        _ = try FileError.attempt(.write, variables) { try file.descriptor.writeAll(bytes) }
        return try file.finish().file
    }
}
