import CUEFI

/// The place that the firmware loaded this program from, where the other files are too.
enum BootSource {
    case volume(Interface<efi_file_system>)
    case network(NetworkFolder)

    /// Looks at the device that the firmware loaded `image` from.
    ///
    /// iPXE gives a network card a file system as well, with the files that its script fetched.
    init(of image: efi_handle, _ services: Interface<efi_boot_services>) throws(BootError) {
        let loadedImage = services.interface(
            of: image, efi_loaded_image_guid, as: efi_loaded_image.self)
        let device = loadedImage?.members.device
        let fileSystem = services.interface(
            of: device, efi_file_system_guid, as: efi_file_system.self)
        let network = services.interface(
            of: device, efi_pxe_base_code_guid, as: efi_pxe_base_code.self)
        if let fileSystem {
            self = .volume(fileSystem)
            guard network != nil, try byteCount(of: .kernel) == nil else { return }
        }
        guard let network else {
            throw BootError(.bootDevice, "has neither a file system nor a network")
        }
        self = .network(try NetworkFolder(network, services))
    }

    /// The length of `file` in bytes; nil if there is none.
    func byteCount(of file: BootFile) throws(BootError) -> UInt64? {
        switch self {
        case .volume(let fileSystem):
            guard let file = try VolumeFile(file, on: fileSystem) else { return nil }
            defer { file.close() }
            return try file.byteCount()
        case .network(let folder): return try folder.byteCount(of: file)
        }
    }

    /// Reads all of `file` into `memory`, which is as long as `byteCount(of:)` said.
    func read(_ file: BootFile, into memory: PhysicalMemory) throws(BootError) {
        switch self {
        case .volume(let fileSystem):
            guard let file = try VolumeFile(file, on: fileSystem) else { return }
            defer { file.close() }
            try file.read(into: memory)
        case .network(let folder): try folder.read(file, into: memory)
        }
    }
}

extension BootFile {
    /// The file's name on a volume and on a server.
    var fileName: Text {
        switch self {
        case .kernel: Architecture.kernelName
        case .ramdisk: "ramdisk"
        case .settings: "boot.json"
        case .parameters: "parameters"
        case .module(let index): Self.moduleNames[index]
        }
    }

    private static var moduleNames: PerModule<Text> {
        [
            "module-1", "module-2", "module-3", "module-4", "module-5", "module-6", "module-7",
            "module-8", "module-9", "module-10", "module-11",
        ]
    }
}
