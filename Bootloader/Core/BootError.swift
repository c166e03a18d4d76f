/// Why the loader cannot start the kernel: what is at fault, the rule, and the number at fault.
///
/// It has four words, so that it is thrown in registers: many places throw.
struct BootError: Error {
    enum Subject: UInt8 {
        case kernel, kernelConfiguration, ramdisk, settings, parameters, module
        case memory, memoryMap, addressSpace
        case disk, payload, screen, firmware, bootDevice, bootVolume, network

        fileprivate var text: Text {
            switch self {
            case .kernel: "kernel"
            case .kernelConfiguration: "kernel's .bootloader-config"
            case .ramdisk: "ramdisk"
            case .settings: "boot.json"
            case .parameters: "parameters"
            case .module: "module"
            case .memory: "memory"
            case .memoryMap: "memory map"
            case .addressSpace: "address space"
            case .disk: "disk"
            case .payload: "payload"
            case .screen: "screen"
            case .firmware: "firmware"
            case .bootDevice: "boot device"
            case .bootVolume: "boot volume"
            case .network: "network"
            }
        }
    }

    private static let hasFound: UInt8 = 0x80
    private static let hasAllowed: UInt8 = 0x40
    private static let isOfVersions: UInt8 = 0x20
    private static let isOfCounts: UInt8 = 0x10

    private let rule: Text
    private let found: UInt64
    private let allowed: UInt64
    /// The subject and which numbers there are.
    private var kind: UInt8

    /// `rule` says what is wrong, in the user's words.
    init(_ subject: Subject, _ rule: Text) {
        self.init(subject, rule, 0, 0, flags: 0)
    }

    /// The number at fault.
    init(_ subject: Subject, _ rule: Text, found: UInt64) {
        self.init(subject, rule, found, 0, flags: Self.hasFound)
    }

    /// The number at fault, and the largest allowed number or the only one.
    init(_ subject: Subject, _ rule: Text, found: UInt64, allowed: UInt64) {
        self.init(subject, rule, found, allowed, flags: Self.hasFound | Self.hasAllowed)
    }

    /// The version at fault, and the supported one or the first of these.
    init(_ subject: Subject, _ rule: Text, version found: Version, allowed: Version) {
        self.init(
            subject, rule, found.rawValue, allowed.rawValue,
            flags: Self.hasFound | Self.hasAllowed | Self.isOfVersions)
    }

    /// The count or size at fault.
    init(_ subject: Subject, _ rule: Text, count found: UInt64) {
        self.init(subject, rule, found, 0, flags: Self.hasFound | Self.isOfCounts)
    }

    /// The count or size at fault, and the allowed one.
    init(_ subject: Subject, _ rule: Text, count found: UInt64, allowed: UInt64) {
        self.init(
            subject, rule, found, allowed,
            flags: Self.hasFound | Self.hasAllowed | Self.isOfCounts)
    }

    /// Small where it is inlined: four words, most of them constant.
    @inline(__always)
    private init(
        _ subject: Subject, _ rule: Text, _ found: UInt64, _ allowed: UInt64, flags: UInt8
    ) {
        (self.rule, self.found, self.allowed) = (rule, found, allowed)
        kind = subject.rawValue | flags
    }

    /// Throws unless `found` is the one number that is allowed.
    @inline(never)
    static func require(
        _ subject: Subject, _ rule: Text, _ found: UInt64, is allowed: UInt64
    ) throws(BootError) {
        if found != allowed { throw BootError(subject, rule, found: found, allowed: allowed) }
    }

    func write(to output: some TextOutput) {
        output.write("bootimage: ")
        if let subject = Subject(rawValue: kind & 0xF) { output.write(subject.text) }
        output.write(": ")
        output.write(rule)
        if kind & Self.hasFound != 0 {
            output.write(": ")
            write(found, to: output)
        }
        if kind & Self.hasAllowed != 0 {
            output.write(", allowed ")
            write(allowed, to: output)
        }
        output.write("\r\n")
    }

    private func write(_ value: UInt64, to output: some TextOutput) {
        if kind & Self.isOfVersions != 0 {
            output.write(Version(rawValue: value))
        } else {
            output.write(value, as: kind & Self.isOfCounts != 0 ? .count : .address)
        }
    }
}
