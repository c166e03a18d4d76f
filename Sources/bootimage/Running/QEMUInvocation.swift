import SystemPackage

/// QEMU's command line as a pure value.
struct QEMUInvocation: Equatable, Sendable {
    /// How guest instructions are executed.
    enum Accelerator: String, Sendable {
        case kvm
        case tcg
    }

    var executable: FilePath
    var image: FilePath
    /// UEFI firmware; nil boots the machine's BIOS.
    var uefi: UEFIFirmware?
    var accelerator: Accelerator
    var showsWindow: Bool
    /// The user's own arguments: last, so that they win.
    var extra: [String]

    /// Everything after the executable's name.
    var arguments: [String] {
        var arguments = [
            "-machine", "q35", "-accel", accelerator.rawValue, "-m", "256M", "-nic", "none",
        ]
        if let uefi {
            arguments += ["-drive", "if=pflash,unit=0,readonly=on," + file(uefi.code)]
            arguments += ["-drive", "if=pflash,unit=1,snapshot=on," + file(uefi.variables)]
        }
        arguments += ["-drive", "if=none,id=image,snapshot=on," + file(image)]
        arguments += ["-device", "ide-hd,bus=ide.0,drive=image,bootindex=0"]
        if !extra.contains(where: ["-serial", "-nographic"].contains) {
            arguments += ["-serial", "stdio"]
        }
        if !showsWindow, !extra.contains(where: ["-display", "-nographic"].contains) {
            arguments += ["-display", "none"]
        }
        return arguments + extra
    }

    /// The whole command as a shell takes it.
    var shellLine: String {
        ([executable.string] + arguments).map(Self.quoted).joined(separator: " ")
    }

    /// A raw file by its path alone: "fat:" is no protocol, and a comma ends nothing.
    private func file(_ path: FilePath) -> String {
        let name = path.string.split(separator: ",", omittingEmptySubsequences: false)
            .joined(separator: ",,")
        return "driver=raw,file.driver=file,file.filename=\(name)"
    }

    private static func quoted(_ word: String) -> String {
        let safe = { (character: Character) in
            character.isLetter || character.isNumber || "-_./=,:+@".contains(character)
        }
        if !word.isEmpty, word.allSatisfy(safe) { return word }
        let inner = word.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: #"'\''"#)
        return "'\(inner)'"
    }
}
