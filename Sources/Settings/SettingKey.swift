import BootImageKit
import DiskImage
import ELFKit
import GuestKit
import HostSystem

/// A key of `bootimage.toml`; the raw value is its name there.
package enum SettingKey: String, CaseIterable, Sendable {
    // How the image is built.
    case buildCommand = "build-command"
    case kernel
    case ramdisk
    case bootConfig = "boot-config"
    case commandLine = "command-line"
    case modules
    case bootProtocol = "protocol"
    case files
    case keepDebugInfo = "keep-debug-info"
    case firmware
    case sectorSize = "sector-size"
    case espFAT = "esp-fat"
    case espSize = "esp-size"
    case volumeLabel = "volume-label"
    case imageSize = "image-size"
    case directories
    case partition
    case format
    case compress
    case board
    case firmwareDirectory = "firmware-directory"
    case raspi
    case signKey = "sign-key"
    case signCert = "sign-cert"
    case outputDirectory = "output-directory"
    case name
    // How it runs.
    case runCommand = "run-command"
    case runArgs = "run-args"
    case headless
    case direct
    case memory
    case cpus
    case machine
    case disk
    case tests
    case testArgs = "test-args"
    case testSuccessExitCode = "test-success-exit-code"
    case testTimeout = "test-timeout"
    case testNoReboot = "test-no-reboot"

    /// The type of a value and its range.
    package enum Kind: Equatable, Sendable {
        /// A path, relative to the file's folder, or an array of them.
        case path, paths
        /// An array of paths, each with a string after an equals sign if it has one.
        case modules
        /// Any string, or one of these.
        case word([String]?)
        case memory
        case number([Int])
        case range(ClosedRange<Int>)
        case flag
        /// An array of strings: a command or arguments.
        case words
        case choices([String])
        /// A table that maps paths in the EFI system partition to files or folders.
        case files
        case size
        /// An array of tables, one for each partition.
        case partitions
        /// A table of what concerns Raspberry Pis.
        case raspi
    }

    package var kind: Kind {
        switch self {
        case .buildCommand, .runCommand, .runArgs, .testArgs: .words
        case .kernel, .ramdisk, .bootConfig, .signKey, .signCert, .outputDirectory,
            .firmwareDirectory:
            .path
        case .tests: .paths
        case .modules: .modules
        case .files, .directories: .files
        case .espSize, .imageSize: .size
        case .partition: .partitions
        case .board: .word(Board.allCases.map(\.rawValue))
        case .raspi: .raspi
        case .keepDebugInfo, .headless, .direct, .testNoReboot: .flag
        case .bootProtocol: .word(BootProtocol.allCases.map(\.rawValue))
        case .firmware: .word(ImageKind.forFirmware.map(\.rawValue))
        case .memory: .memory
        case .cpus: .range(1...255)
        case .machine: .word(Machine.Chipset.withFirmware.map(\.rawValue))
        case .disk: .word(Machine.Disk.withFirmware.map(\.rawValue))
        case .name, .volumeLabel, .commandLine: .word(nil)
        case .format: .choices(ImageFormat.allCases.map(\.rawValue))
        case .compress: .word(Compression.allCases.map(\.rawValue))
        case .sectorSize: .number([512, 4096])
        case .espFAT: .number([12, 16, 32])
        case .testSuccessExitCode: .range(0...255)
        case .testTimeout: .range(1...1_000_000)
        }
    }

    /// The default; nil if the setting is unset by default.
    var defaultValue: SettingValue? {
        switch self {
        case .buildCommand: .words(["swift", "build"])
        case .runArgs, .testArgs: .words([])
        case .files, .directories: .files([])
        case .partition: .partitions([])
        case .keepDebugInfo, .headless, .direct: .flag(false)
        case .testNoReboot: .flag(true)
        case .testTimeout: .number(300)
        case .memory: .word(MemorySize.standard.text)
        case .cpus: .number(1)
        default: nil
        }
    }

    /// The environment variable that overrides the file; tables have none.
    var variable: String? {
        if [.files, .partitions, .raspi].contains(kind) { return nil }
        return "BOOTIMAGE_" + rawValue.uppercased().replacing("-", with: "_")
    }

    /// The key that `text` is probably a misspelling of.
    static func nearest(to text: String) -> Self? {
        text.nearest(in: allCases.map(\.rawValue)).flatMap(Self.init)
    }
}
