import BootImageKit
import DiskImage
import ELFKit
import ELFVerdict
import FoundationEssentials
import HostSystem
import Settings
import SystemPackage

/// A reader of untrusted bytes.
enum Reader: String, CaseIterable {
    case elf, config
    case bootJSON = "boot-json"
    case image, settings, container, signature

    /// Reads an input; traps if a check fails.
    func read(_ bytes: [UInt8]) {
        switch self {
        case .elf: readKernel(bytes)
        case .config: readConfiguration(bytes)
        case .bootJSON: readBootJSON(bytes)
        case .image: readImage(bytes)
        case .settings: readSettings(bytes)
        case .container: readContainer(bytes)
        case .signature: readSignatures(bytes)
        }
    }
}

/// Reads signatures, of a loader or in a certificate table alone: each name must be one line.
private func readSignatures(_ bytes: [UInt8]) {
    let isLoader = bytes.starts(with: "MZ".utf8)
    let names =
        isLoader
        ? UnverifiedSigners.names(inLoader: bytes) : UnverifiedSigners.names(inTable: bytes)
    for name in names { preconditionOneLine(name) }
}

/// Reads a kernel: ELFKit and ELFVerdict must agree on its protocol, and by bootimage's own
/// protocol, on the broken rule.
private func readKernel(_ bytes: [UInt8]) {
    do throws(ELFError) {
        _ = try FlatKernel.load(from: inputFile(of: bytes), named: "kernel")
    } catch {
        preconditionOneLine("\(error)")
    }
    let selected = ProtocolVerdict(on: bytes).selected
    let isOwn = ["bootloader", "plain"].contains(selected)
    let verdict = Verdict(on: bytes)
    do throws(ELFError) {
        let kernel = try KernelELF.load(from: inputFile(of: bytes), named: "kernel")
        precondition(kernel.bootProtocol.rawValue == selected, "not \(selected)")
        guard isOwn else { return }
        _ = try FunctionName.find(kernel.entry, in: inputFile(of: bytes), named: "kernel")
        precondition(verdict.brokenRules.isEmpty, "loaded, but breaks \(verdict.brokenRules)")
    } catch {
        let rule = error.problem.rule.rawValue
        precondition(
            !isOwn || verdict.brokenRules.contains(rule), "\(error): \(verdict.brokenRules)")
        preconditionOneLine("\(error)")
    }
}

/// Reads a section `.bootloader-config`: encoded again, it must have the same bytes.
private func readConfiguration(_ bytes: [UInt8]) {
    do throws(ConfigurationViolation) {
        let configuration = try KernelConfiguration(decoding: bytes)
        precondition(configuration.encoded() == bytes, "encodes to other bytes")
    } catch {
        preconditionOneLine("\(error)")
    }
}

/// Reads a boot.json: an error must be one of the input.
private func readBootJSON(_ bytes: [UInt8]) {
    let input: ImageInput
    do { input = try ImageInput(inputFile(of: bytes), path: "boot.json") } catch {
        fatalError("\(error)")
    }
    do throws(BuildError) {
        try BootConfigurationFile.check(input)
    } catch {
        guard case .input = error else { preconditionFailure("\(error)") }
    }
}

/// Looks for other files that a container needs.
private func readContainer(_ bytes: [UInt8]) {
    do {
        let format = ContainerFormat(startingWith: bytes)
        _ = try format?.reference(in: ImageFile(inputFile(of: bytes)))
    } catch {
        precondition(error is ContainerError, "\(error)")
        preconditionOneLine("\(error)")
    }
}

/// Reads a bootimage.toml: what it says must read back from the printed settings.
private func readSettings(_ bytes: [UInt8]) {
    guard let text = String(bytes: bytes, encoding: .utf8) else { return }
    do throws(SettingsError) {
        let file = try SettingsFile(text, path: "bootimage.toml")
        for (key, entry) in file.entries {
            let text = "\(key.rawValue) = \(entry.value.toml)"
            let again = try? SettingsFile(text, path: "bootimage.toml")
            precondition(again?.entries[key]?.value == entry.value, "\(text)")
        }
    } catch {
        // Keys and strings of the file may hold line ends; the console escapes them.
        precondition("\(error)".hasPrefix("bootimage.toml:"), "\(error)")
    }
}

private func preconditionOneLine(_ text: String) {
    precondition(!text.contains { $0.isNewline }, "more than one line: \(text)")
}

/// The one file that every input is written to.
private let file: AnonymousFile = {
    do { return try AnonymousFile() } catch { fatalError("\(error)") }
}()

private func inputFile(of bytes: [UInt8]) -> FileDescriptor {
    do {
        try file.descriptor.resize(to: 0)
        _ = try file.descriptor.writeAll(toAbsoluteOffset: 0, bytes)
    } catch {
        fatalError("the input cannot be written: \(error)")
    }
    return file.descriptor
}
