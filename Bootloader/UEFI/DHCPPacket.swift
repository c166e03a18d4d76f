import CUEFI

/// A DHCP packet that the firmware kept (RFC 2131, section 2).
struct DHCPPacket {
    private enum Field {
        static let nextServer: UInt64 = 20
        static let bootFile: Range<UInt64> = 108..<236
        static let options: UInt64 = 240
    }

    /// RFC 2132.
    private enum Option {
        static let pad: UInt8 = 0
        static let serverIdentifier: UInt8 = 54
        static let bootFile: UInt8 = 67
        static let end: UInt8 = 255
    }

    private let packet: PhysicalMemory

    /// The packet at an address, where it stays.
    init(at address: UInt64) {
        packet = PhysicalMemory(PhysicalAddress(address), byteCount: UInt64(EFI_DHCP_PACKET_SIZE))
    }

    /// The name of the boot file, without its terminator; empty if the packet has none.
    var bootFile: PhysicalMemory {
        let field = option(Option.bootFile) ?? packet[Field.bootFile]
        var length: UInt64 = 0
        while length < field.byteCount, field[length] != 0 { length += 1 }
        return field[0..<length]
    }

    /// The server that has the file: the next server, or else the packet's sender.
    var server: efi_ip_address? {
        let next = packet.load(UInt32.self, at: Field.nextServer)
        if next != 0 { return efi_ip_address(words: (next, 0, 0, 0)) }
        guard let sender = option(Option.serverIdentifier), sender.byteCount == 4 else {
            return nil
        }
        return efi_ip_address(words: (sender.load(UInt32.self), 0, 0, 0))
    }

    /// The value of the first option with this code.
    private func option(_ code: UInt8) -> PhysicalMemory? {
        var offset = Field.options
        while offset + 1 < packet.byteCount, packet[offset] != Option.end {
            if packet[offset] == Option.pad {
                offset += 1
                continue
            }
            let start = offset + 2
            let end = start + UInt64(packet[offset + 1])
            guard end <= packet.byteCount else { return nil }
            if packet[offset] == code { return packet[start..<end] }
            offset = end
        }
        return nil
    }
}
