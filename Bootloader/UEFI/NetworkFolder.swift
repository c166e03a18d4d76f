import CUEFI

/// The folder on a TFTP server that the firmware loaded this program from (UEFI 2.10, section
/// 24.3).
struct NetworkFolder {
    /// What fits an Ethernet frame beside the headers of IPv4 (20), UDP (8) and TFTP (4).
    private static let blockByteCount: UInt64 = 1500 - 32

    private static let unsupported = UInt64(EFI_ERROR_BIT) | UInt64(EFI_UNSUPPORTED)
    private static let bufferTooSmall = UInt64(EFI_ERROR_BIT) | UInt64(EFI_BUFFER_TOO_SMALL)
    private static let tftpError = UInt64(EFI_ERROR_BIT) | UInt64(EFI_TFTP_ERROR)

    private let network: UnsafeMutablePointer<efi_pxe_base_code>
    private let server: efi_ip_address
    /// The boot file's name through its last slash, in the firmware's memory.
    private let prefix: UnsafeRawBufferPointer

    /// Finds server and folder in what DHCP answered.
    init(_ network: UnsafeMutablePointer<efi_pxe_base_code>) throws(BootError) {
        guard let mode = network.pointee.mode, mode.pointee.using_ipv6 == 0 else {
            throw BootError(.network, "only IPv4 is supported")
        }
        guard let answer = mode.bootAnswer, let server = answer.server else {
            throw BootError(.network, "DHCP named no boot file with a server")
        }
        self.network = network
        self.server = server
        let name = answer.bootFile
        let slash = name.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        prefix = UnsafeRawBufferPointer(rebasing: name[..<(slash.map { $0 + 1 } ?? 0)])
    }

    /// The length of a file, nil where the server has none; a kernel must be there.
    func byteCount(of file: BootFile) throws(BootError) -> UInt64? {
        var byteCount: UInt64 = 0
        let status = transfer(EFI_PXE_TFTP_GET_FILE_SIZE, file, nil, &byteCount)
        switch status {
        case 0:
            return byteCount
        case Self.tftpError:
            return try absence(of: file)
        case Self.unsupported:
            throw BootError(
                .network,
                "firmware cannot tell lengths of files; in iPXE, fetch each by `module`; status",
                found: status)
        default:
            return try measure(file)
        }
    }

    /// Measures a file on a server that does not tell lengths (RFC 2349): the firmware counts
    /// also those bytes that the buffer has no room for.
    private func measure(_ file: BootFile) throws(BootError) -> UInt64? {
        var buffer: UInt64 = 0
        let room = UInt64(MemoryLayout.size(ofValue: buffer))
        var byteCount = room
        let status = transfer(EFI_PXE_TFTP_READ_FILE, file, &buffer, &byteCount)
        switch status {
        case Self.tftpError:
            return try absence(of: file)
        case Self.bufferTooSmall where byteCount > room:
            return byteCount
        default:
            try check(status, file.subject, "cannot be measured on the TFTP server; status")
            return byteCount
        }
    }

    /// What it means that the server refuses a file: firmware does not always pass the reason on.
    private func absence(of file: BootFile) throws(BootError) -> UInt64? {
        if file != .kernel { return nil }
        throw BootError(.kernel, "is not on the TFTP server")
    }

    /// Fetches a whole file, which is as long as `buffer`.
    func read(
        _ file: BootFile, into buffer: UnsafeMutableRawBufferPointer
    ) throws(BootError) {
        var byteCount = UInt64(buffer.count)
        let status = transfer(EFI_PXE_TFTP_READ_FILE, file, buffer.baseAddress, &byteCount)
        try check(status, file.subject, "cannot be fetched from the TFTP server; status")
        guard byteCount == UInt64(buffer.count) else {
            throw BootError(
                file.subject, "ends early", found: byteCount, allowed: UInt64(buffer.count))
        }
    }

    /// Asks the server for something of a file and returns the firmware's status.
    private func transfer(
        _ operation: efi_pxe_tftp_operation, _ file: BootFile,
        _ buffer: UnsafeMutableRawPointer?, _ byteCount: inout UInt64
    ) -> UInt64 {
        var server = server
        var blockByteCount = Self.blockByteCount
        var path = path(to: file)
        return withUnsafeBytes(of: &path) {
            network.pointee.mtftp(
                network, operation.rawValue, buffer, 0, &byteCount, &blockByteCount, &server,
                $0.assumingMemoryBound(to: UInt8.self).baseAddress, nil, 0)
        }
    }

    /// The file's name for the server, with room for the longest prefix, 255 bytes.
    private func path(to file: BootFile) -> [288 of UInt8] {
        var path = [288 of UInt8](repeating: 0)
        for index in prefix.indices { path[index] = prefix[index] }
        file.fileName.withUTF8Buffer { name in
            for index in name.indices { path[prefix.count + index] = name[index] }
        }
        return path
    }
}

extension UnsafeMutablePointer<efi_pxe_mode> {
    /// The DHCP packet that named the boot file: the last of those that the firmware went by.
    fileprivate var bootAnswer: DHCPPacket? {
        let answers: [3 of (isReceived: UInt8, packet: UnsafePointer<efi_dhcp_packet>?)] = [
            (pointee.pxe_reply_received, efi_pxe_reply(self)),
            (pointee.proxy_offer_received, efi_pxe_proxy_offer(self)),
            (pointee.dhcp_ack_received, efi_pxe_dhcp_ack(self)),
        ]
        for index in answers.indices where answers[index].isReceived != 0 {
            guard let packet = answers[index].packet.map(DHCPPacket.init) else { continue }
            if !packet.bootFile.isEmpty { return packet }
        }
        return nil
    }
}
