import CUEFI

/// The folder on a TFTP server that has the boot file (UEFI 2.10, section 24.3).
struct NetworkFolder {
    /// The room in an Ethernet frame besides the headers of IPv4 (20), UDP (8) and TFTP (4).
    private static let blockByteCount: UInt64 = 1500 - 32
    /// The longest name of a boot file that DHCP can state, and more.
    private static let longestPrefix: UInt64 = 256

    private static let unsupported = UInt64(EFI_ERROR_BIT) | UInt64(EFI_UNSUPPORTED)
    private static let bufferTooSmall = UInt64(EFI_ERROR_BIT) | UInt64(EFI_BUFFER_TOO_SMALL)
    private static let tftpError = UInt64(EFI_ERROR_BIT) | UInt64(EFI_TFTP_ERROR)

    private let network: Interface<efi_pxe_base_code>
    private let server: efi_ip_address
    /// A path on the server, which begins with the boot file's path through its last slash.
    private let path: PhysicalMemory
    private let prefixByteCount: UInt64

    /// The server's IPv4 address, its first byte lowest.
    var serverAddress: UInt32 { server.words.0 }

    /// Finds the server and the folder in the DHCP answers.
    init(
        _ network: Interface<efi_pxe_base_code>, _ services: Interface<efi_boot_services>
    ) throws(BootError) {
        guard let mode = Interface<efi_pxe_mode>(network.members.mode),
            mode.members.using_ipv6 == 0
        else { throw BootError(.network, "only IPv4 is supported") }
        guard let answer = Self.bootAnswer(mode), let server = answer.server else {
            throw BootError(.network, "DHCP named no boot file and server")
        }
        self.network = network
        self.server = server
        path = try services.allocate(PageCount(1), EFI_LOADER_DATA)
        let name = answer.bootFile
        var length = min(name.byteCount, Self.longestPrefix)
        while length > 0, name[length - 1] != UInt8(ascii: "/"),
            name[length - 1] != UInt8(ascii: "\\")
        {
            length -= 1
        }
        path.copy(from: name[0..<length])
        prefixByteCount = length
    }

    /// The last DHCP packet of those that the firmware followed which names a boot file.
    private static func bootAnswer(_ mode: Interface<efi_pxe_mode>) -> DHCPPacket? {
        let answers: [3 of (isReceived: UInt8, address: UInt64)] = [
            (mode.members.pxe_reply_received, efi_pxe_reply(mode.address)),
            (mode.members.proxy_offer_received, efi_pxe_proxy_offer(mode.address)),
            (mode.members.dhcp_ack_received, efi_pxe_dhcp_ack(mode.address)),
        ]
        for index in answers.indices where answers[index].isReceived != 0 {
            let packet = DHCPPacket(at: answers[index].address)
            if packet.bootFile.byteCount > 0 { return packet }
        }
        return nil
    }

    /// The length of a file; nil if the server does not have it, unless it is the kernel.
    func byteCount(of file: BootFile) throws(BootError) -> UInt64? {
        var byteCount: UInt64 = 0
        let status = transfer(EFI_PXE_TFTP_GET_FILE_SIZE, file, nil, &byteCount)
        switch status {
        case 0: return byteCount
        case Self.tftpError: return try absence(of: file)
        case Self.unsupported:
            throw BootError(
                .network,
                "firmware reports no file lengths; in iPXE, load each file with `module`; status",
                found: status)
        default: return try measure(file)
        }
    }

    /// Measures a file on a server that does not report lengths (RFC 2349): a read into a small
    /// buffer counts all bytes.
    private func measure(_ file: BootFile) throws(BootError) -> UInt64? {
        var buffer: UInt64 = 0
        let room = UInt64(MemoryLayout.size(ofValue: buffer))
        var byteCount = room
        let status = transfer(EFI_PXE_TFTP_READ_FILE, file, &buffer, &byteCount)
        switch status {
        case Self.tftpError: return try absence(of: file)
        case Self.bufferTooSmall where byteCount > room: return byteCount
        default:
            try check(status, file.subject, "TFTP server does not send it; status")
            return byteCount
        }
    }

    /// Handles a file that the server refuses: firmware does not always pass on why.
    private func absence(of file: BootFile) throws(BootError) -> UInt64? {
        if file != .kernel { return nil }
        throw BootError(.kernel, "is not on the TFTP server")
    }

    /// Fetches a whole file, which is as long as `memory`.
    func read(_ file: BootFile, into memory: PhysicalMemory) throws(BootError) {
        var byteCount = memory.byteCount
        let status = transfer(EFI_PXE_TFTP_READ_FILE, file, memory.pointer, &byteCount)
        try check(status, file.subject, "TFTP server does not send it; status")
        guard byteCount == memory.byteCount else {
            throw BootError(
                file.subject, "ends early", count: byteCount, allowed: memory.byteCount)
        }
    }

    /// Transfers a file or its length, and returns the firmware's status.
    private func transfer(
        _ operation: efi_pxe_tftp_operation, _ file: BootFile,
        _ buffer: UnsafeMutableRawPointer?, _ byteCount: inout UInt64
    ) -> UInt64 {
        var server = server
        var blockByteCount = Self.blockByteCount
        let name = file.fileName
        var index = 0
        repeat {
            path.store(name[index], at: prefixByteCount + UInt64(index))
            index += 1
        } while name[index - 1] != 0
        return network.members.mtftp(
            network.address, operation.rawValue, buffer, 0, &byteCount, &blockByteCount, &server,
            path.pointer, nil, 0)
    }
}
