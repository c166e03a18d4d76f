import CUEFI

/// A DHCP packet that the firmware kept (RFC 2131, section 2).
struct DHCPPacket {
    private enum Field {
        static let nextServer = 20
        static let bootFile = 108..<236
        static let options = 240..<Int(EFI_DHCP_PACKET_SIZE)
    }

    /// RFC 2132.
    private enum Option {
        static let pad: UInt8 = 0
        static let serverIdentifier: UInt8 = 54
        static let bootFile: UInt8 = 67
        static let end: UInt8 = 255
    }

    private let bytes: UnsafeRawBufferPointer

    /// The packet at an address that stays valid.
    init(_ packet: UnsafePointer<efi_dhcp_packet>) {
        bytes = UnsafeRawBufferPointer(start: packet, count: Int(EFI_DHCP_PACKET_SIZE))
    }

    /// The name of the file to boot, without its terminator; empty where the packet has none.
    var bootFile: UnsafeRawBufferPointer {
        let field = option(Option.bootFile) ?? slice(Field.bootFile)
        return UnsafeRawBufferPointer(rebasing: field.prefix { $0 != 0 })
    }

    /// The server that has the file: the next one, or else the one that sent the packet.
    var server: efi_ip_address? {
        let next = bytes.loadUnaligned(fromByteOffset: Field.nextServer, as: UInt32.self)
        if next != 0 { return efi_ip_address(words: (next, 0, 0, 0)) }
        guard let sender = option(Option.serverIdentifier), sender.count == 4 else { return nil }
        return efi_ip_address(words: (sender.loadUnaligned(as: UInt32.self), 0, 0, 0))
    }

    /// The value of the first option with this code.
    private func option(_ code: UInt8) -> UnsafeRawBufferPointer? {
        var offset = Field.options.lowerBound
        while offset + 1 < bytes.count, bytes[offset] != Option.end {
            if bytes[offset] == Option.pad {
                offset += 1
                continue
            }
            let start = offset + 2
            let end = start + Int(bytes[offset + 1])
            guard end <= bytes.count else { return nil }
            if bytes[offset] == code { return slice(start..<end) }
            offset = end
        }
        return nil
    }

    private func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range])
    }
}
