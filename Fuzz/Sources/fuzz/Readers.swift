import CMemoryFile
import DiskImage
import ELFKit
import ELFVerdict
import FoundationEssentials
import Glibc
import SystemPackage

/// A kernel as a whole file: ELFKit and the second opinion agree on it.
func readKernel(_ bytes: [UInt8]) {
    let verdict = Verdict(on: bytes)
    do throws(ELFError) {
        let kernel = try KernelELF.load(from: memoryFile(of: bytes), named: "kernel")
        _ = try FunctionName.find(kernel.entry, in: memoryFile(of: bytes), named: "kernel")
        precondition(verdict.brokenRules.isEmpty, "loaded, but breaks \(verdict.brokenRules)")
    } catch {
        let rule = error.problem.rule.rawValue
        precondition(verdict.brokenRules.contains(rule), "\(error): \(verdict.brokenRules)")
        preconditionOneLine("\(error)")
    }
}

/// The section `.bootloader-config`: what is read can be written again.
func readConfiguration(_ bytes: [UInt8]) {
    do throws(ConfigurationViolation) {
        let configuration = try KernelConfiguration(decoding: bytes)
        precondition(configuration.encoded() == bytes, "another configuration was read")
    } catch {
        preconditionOneLine("\(error)")
    }
}

/// A boot.json.
func readBootJSON(_ bytes: [UInt8]) {
    do {
        try BootConfigurationFile.check(ImageInput(memoryFile(of: bytes), path: "boot.json"))
    } catch {
        precondition((error as? Failure)?.status == .badInput, "\(error)")
    }
}

/// A bootimage.toml: what is read is written as the same.
func readSettings(_ bytes: [UInt8]) {
    guard let text = String(bytes: bytes, encoding: .utf8) else { return }
    do throws(Failure) {
        let file = try SettingsFile(text, path: "bootimage.toml")
        for (key, entry) in file.entries {
            let text = "\(key.rawValue) = \(entry.value.toml)"
            let again = try? SettingsFile(text, path: "bootimage.toml")
            precondition(again?.entries[key]?.value == entry.value, "\(text)")
        }
    } catch {
        precondition(error.status == .badInput, "\(error)")
    }
}

private func preconditionOneLine(_ text: String) {
    precondition(!text.contains { $0.isNewline }, "more than one line: \(text)")
}

/// The one file that all inputs are written to; it is on no disk.
private let file = FileDescriptor(rawValue: open_memory_file())

private func memoryFile(of bytes: [UInt8]) -> FileDescriptor {
    ftruncate(file.rawValue, 0)
    precondition(pwrite(file.rawValue, bytes, bytes.count, 0) == bytes.count)
    return file
}
