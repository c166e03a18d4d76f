/// How a kernel is loaded and what it finds when it starts.
enum BootProtocol: UInt8 {
    /// The contract of rust-osdev's bootloader_api, with the kernel's configuration.
    case bootloader
    case limine
    /// The same contract, without a configuration.
    case plain

    static let count: UInt8 = 3

    /// The name in boot.json and in the log.
    var name: Text {
        switch self {
        case .bootloader: "bootloader"
        case .limine: "limine"
        case .plain: "plain"
        }
    }

    /// Starts a kernel, by the protocol that boot.json names or else the kernel's file shows.
    static func start<P>(
        _ kernel: PhysicalMemory, _ memory: consuming FrameAllocator<P>,
        _ settings: LoaderSettings, _ log: Log<P.Screen>
    ) throws(BootError) {
        let file = try KernelFile(kernel)
        let chosen =
            if let named = settings.bootProtocol { named } else { try find(in: file) }
        switch chosen {
        case .bootloader, .plain:
            var environment = try KernelEnvironment(file, memory: memory, settings, log)
            try environment.prepare()
            try environment.start()
        case .limine:
            var boot = try LimineBoot(file, memory: memory, settings, log)
            try boot.prepare()
            try boot.start()
        }
    }

    /// The first protocol of which the file has a sign.
    private static func find(in file: KernelFile) throws(BootError) -> BootProtocol {
        if try file.section(named: ".bootloader-config") != nil { return .bootloader }
        if try LimineRequests.exist(in: file) { return .limine }
        return .plain
    }
}
