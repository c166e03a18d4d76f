/// Inputs for the reader of signatures, which are well-formed but sign nothing.
enum SignatureSeed {
    /// A certificate table, and a loader with it.
    static let all = [table, loader]

    private static let signedData: [UInt8] = [42, 134, 72, 134, 247, 13, 1, 7, 2]
    private static let contentType: [UInt8] = [42, 134, 72, 134, 247, 13, 1, 9, 3]
    private static let indirectData: [UInt8] = [43, 6, 1, 4, 1, 130, 55, 2, 1, 4]
    private static let sha256: [UInt8] = [96, 134, 72, 1, 101, 3, 4, 2, 1]
    private static let commonName: [UInt8] = [85, 4, 3]

    /// An element in DER.
    private static func der(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let content = parts.flatMap(\.self)
        let length =
            content.count < 0x80
            ? [UInt8(content.count)]
            : [0x82, UInt8(content.count >> 8), UInt8(content.count & 255)]
        // Shorter lengths than 0x100 with two digits are refused.
        return [tag] + (content.count >> 7 == 1 ? [0x81, UInt8(content.count)] : length) + content
    }

    private static let name = der(
        0x30, der(0x31, der(0x30, der(6, commonName), der(12, Array("signer".utf8)))))
    private static let algorithm = der(0x30, der(6, sha256))

    private static let signature: [UInt8] = {
        let certificate = der(
            0x30, der(0x30, der(2, [1]), algorithm, name, der(0x30), name), algorithm, der(3, [0]))
        let content = der(
            0x30, der(0x30, der(6, indirectData)),
            der(0x30, algorithm, der(4, .init(repeating: 0, count: 32))))
        let attributes = der(
            0xA0, der(0x30, der(6, contentType), der(0x31, der(6, indirectData))))
        let signer = der(
            0x30, der(2, [1]), der(0x30, name, der(2, [1])), algorithm, attributes, algorithm,
            der(4, [1]))
        let signed = der(
            0x30, der(2, [1]), der(0x31, algorithm),
            der(0x30, der(6, indirectData), der(0xA0, content)), der(0xA0, certificate),
            der(0x31, signer))
        return der(0x30, der(6, signedData), der(0xA0, signed))
    }()

    private static let table: [UInt8] = {
        let length = UInt16(signature.count + 8)
        let header: [UInt8] = [UInt8(length & 255), UInt8(length >> 8), 0, 0, 0, 2, 2, 0]
        return header + signature + .init(repeating: 0, count: (8 - Int(length) % 8) % 8)
    }()

    private static let loader: [UInt8] = {
        var bytes = [UInt8](repeating: 0, count: 320)
        bytes.replaceSubrange(0..<2, with: "MZ".utf8)
        bytes[0x3C] = 64
        bytes.replaceSubrange(64..<66, with: "PE".utf8)
        // The size of the optional header, its PE32+ signature, and where the certificates are.
        bytes[64 + 20] = 240
        bytes.replaceSubrange(88..<90, with: [0x0B, 0x02])
        for (index, number) in [bytes.count, table.count].enumerated() {
            bytes[88 + 144 + 4 * index] = UInt8(number & 255)
            bytes[88 + 145 + 4 * index] = UInt8(number >> 8)
        }
        return bytes + table
    }()
}
