import CUEFI

/// Where this program came from, and where the kernel is therefore.
enum BootSource {
    case volume(UnsafeMutablePointer<efi_file_system>)
    case network(NetworkFolder)

    /// Looks at the device that the firmware loaded `image` from.
    ///
    /// iPXE gives a network card a file system too: it has what a script fetched beforehand.
    init(
        of image: UnsafeMutableRawPointer, _ services: UnsafeMutablePointer<efi_boot_services>
    ) throws(BootError) {
        let loadedImage = services.interface(
            of: image, efi_loaded_image_guid, as: efi_loaded_image.self)
        let device = loadedImage?.pointee.device
        let fileSystem = services.interface(
            of: device, efi_file_system_guid, as: efi_file_system.self)
        let network = services.interface(
            of: device, efi_pxe_base_code_guid, as: efi_pxe_base_code.self)
        switch (fileSystem, network) {
        case (let fileSystem?, nil):
            self = .volume(fileSystem)
        case (let fileSystem?, let network?):
            self = .volume(fileSystem)
            if try byteCount(of: .kernel) == nil { self = .network(try NetworkFolder(network)) }
        case (nil, let network?):
            self = .network(try NetworkFolder(network))
        case (nil, nil):
            throw BootError(.bootDevice, "has neither a file system nor a network")
        }
    }

    /// The length of `file` in bytes, or nil where there is none.
    func byteCount(of file: BootFile) throws(BootError) -> UInt64? {
        switch self {
        case .volume(let fileSystem):
            guard let file = try VolumeFile(file, on: fileSystem) else { return nil }
            defer { file.close() }
            return try file.byteCount()
        case .network(let folder):
            return try folder.byteCount(of: file)
        }
    }

    /// Reads all of `file` into `buffer`, which is as long as `byteCount(of:)` said.
    func read(
        _ file: BootFile, into buffer: UnsafeMutableRawBufferPointer
    ) throws(BootError) {
        switch self {
        case .volume(let fileSystem):
            guard let file = try VolumeFile(file, on: fileSystem) else { return }
            defer { file.close() }
            try file.read(into: buffer)
        case .network(let folder):
            try folder.read(file, into: buffer)
        }
    }
}

extension BootFile {
    /// The file's name on a volume and on a server.
    var fileName: StaticString {
        switch self {
        case .kernel: Architecture.kernelName
        case .ramdisk: "ramdisk"
        case .bootConfiguration: "boot.json"
        }
    }
}

extension UnsafeMutablePointer<efi_boot_services> {
    /// What a handle offers of a protocol, nil where it has none of that kind.
    fileprivate func interface<T>(
        of handle: UnsafeMutableRawPointer?, _ protocolGUID: efi_guid, as type: T.Type
    ) -> UnsafeMutablePointer<T>? {
        guard let handle else { return nil }
        var guid = protocolGUID
        var interface: UnsafeMutableRawPointer?
        let status = pointee.handle_protocol(handle, &guid, &interface)
        return status == 0 ? interface?.assumingMemoryBound(to: type) : nil
    }
}
