/// A board whose firmware starts a kernel from the files of a card.
public enum Board: String, CaseIterable, Sendable {
    /// Raspberry Pi 3.
    case raspi3
    /// Raspberry Pi 4.
    case raspi4
    /// Raspberry Pi 5.
    case raspi5

    /// The name in prose.
    public var name: String { "Raspberry Pi \(rawValue.suffix(1))" }

    /// The filter of `config.txt` that selects it.
    var filter: String { "pi\(rawValue.suffix(1))" }

    /// The vendor's files without which the board does not start a kernel; a name with an asterisk
    /// stands for one or more files.
    public var firmwareFiles: [String] {
        switch self {
        case .raspi3: ["bootcode.bin", "start.elf", "fixup.dat"]
        case .raspi4: ["start4.elf", "fixup4.dat"]
        // Its other firmware is in EEPROM.
        case .raspi5: ["bcm2712-*.dtb"]
        }
    }

    /// The device trees of its models, which its firmware passes to a kernel.
    public var deviceTrees: String {
        switch self {
        case .raspi3: "bcm2710-*.dtb"
        case .raspi4: "bcm2711-*.dtb"
        case .raspi5: "bcm2712-*.dtb"
        }
    }

    /// A setting of `config.txt` without which the board does not start a kernel other than Linux.
    package var requiredSetting: (name: String, value: String)? {
        self == .raspi5 ? ("os_check", "0") : nil
    }

    /// The kernels that its firmware tries in this order if `config.txt` names none.
    var defaultKernels: [String] {
        (self == .raspi5 ? ["kernel_2712.img"] : []) + ["kernel8.img"]
    }

    /// The required files that are not among these names in a card's root folder.
    public func missingFiles(among names: [String]) -> [String] {
        let names = names.map { $0.lowercased() }
        return firmwareFiles.filter { pattern in !names.contains { $0.matches(pattern) } }
    }
}

extension String {
    /// Whether it is this name, in which an asterisk stands for any characters.
    public func matches(_ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return self == pattern }
        return utf8.count >= pattern.utf8.count - 1 && hasPrefix(parts[0]) && hasSuffix(parts[1])
    }
}
