/// How a kernel is loaded and what it finds when it starts.
enum BootProtocol: UInt8 {
    /// The contract of rust-osdev's bootloader_api, with the kernel's configuration.
    case bootloader
    case limine
    case multiboot2
    case multiboot
    /// The state in which Linux starts on 64-bit ARM, by its `Image` header or an ELF file.
    case arm64Image
    /// The first contract without a configuration.
    case plain

    static let count: UInt8 = 6

    /// The name in boot.json and in the log.
    var name: Text {
        switch self {
        case .bootloader: "bootloader"
        case .limine: "limine"
        case .multiboot2: "multiboot2"
        case .multiboot: "multiboot"
        case .arm64Image: "arm64-image"
        case .plain: "plain"
        }
    }

    /// Starts a kernel, by the protocol that boot.json names or else the kernel's file shows.
    static func start<P>(
        _ kernel: PhysicalMemory, _ memory: consuming FrameAllocator<P>,
        _ settings: LoaderSettings, _ log: Log<P.Screen>
    ) throws(BootError) {
        let chosen =
            if let named = settings.bootProtocol { named } else { find(in: kernel) }
        switch chosen {
        case .bootloader, .plain:
            var environment = try KernelEnvironment(
                KernelFile(kernel), memory: memory, settings, log)
            try environment.prepare()
            try environment.start()
        case .limine:
            var boot = try LimineBoot(KernelFile(kernel), memory: memory, settings, log)
            try boot.prepare()
            try boot.start()
        case .multiboot2, .multiboot:
            try Architecture.startMultiboot(
                isFirst: chosen == .multiboot, kernel, memory, settings, log)
        case .arm64Image:
            try Architecture.startImage(kernel, memory, settings, log)
        }
    }

    /// The first protocol of which the file has a sign; what cannot be read is no sign, as a
    /// Multiboot kernel need not be an ELF file.
    private static func find(in kernel: PhysicalMemory) -> BootProtocol {
        if let file = try? KernelFile(kernel) {
            if (try? file.section(named: ".bootloader-config")) != nil { return .bootloader }
            if (try? LimineRequests.exist(in: file)) == true { return .limine }
        }
        if Architecture.isMultiboot(kernel, isFirst: false) { return .multiboot2 }
        if Architecture.isMultiboot(kernel, isFirst: true) { return .multiboot }
        return Architecture.isImage(kernel) ? .arm64Image : .plain
    }
}
