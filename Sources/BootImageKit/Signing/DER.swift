/// Bytes in the distinguished encoding rules of ASN.1 (X.690), as far as signatures use them.
///
/// It refuses every other encoding of the same value, so that no second reader of the same bytes
/// reads another structure.
struct DER {
    /// A tag, a length, and a content of that length.
    struct Element: Equatable {
        let tag: UInt8
        /// All of it.
        let range: Range<Int>
        /// The bytes after the length.
        let content: Range<Int>
    }

    var bytes: [UInt8]

    /// The element that starts there; nil if it is not complete, or if its length is not in the
    /// shortest form.
    func element(at start: Int) -> Element? {
        // A tag of five ones continues in the next byte.
        guard start + 2 <= bytes.count, bytes[start] & 0x1F != 0x1F else { return nil }
        var length = Int(bytes[start + 1])
        var content = start + 2
        if length >= 0x80 {
            let count = length - 0x80
            guard (1...4).contains(count), content + count <= bytes.count else { return nil }
            length = bytes[content..<content + count].reduce(0) { $0 << 8 | Int($1) }
            content += count
            guard length >= max(0x80, 1 << (8 * (count - 1))) else { return nil }
        }
        guard content + length <= bytes.count else { return nil }
        return Element(
            tag: bytes[start], range: start..<content + length, content: content..<content + length)
    }

    /// The elements that an element consists of; none if it does not consist of whole elements.
    func children(of parent: Element) -> [Element] {
        var children: [Element] = []
        var start = parent.content.lowerBound
        while start < parent.content.upperBound {
            guard let child = element(at: start),
                child.range.upperBound <= parent.content.upperBound
            else { return [] }
            children.append(child)
            start = child.range.upperBound
        }
        return children
    }

    /// The elements that an element consists of, if they have exactly these tags.
    func children(of parent: Element, _ tags: UInt8...) -> [Element]? {
        let children = children(of: parent)
        return children.map(\.tag) == tags ? children : nil
    }

    /// Whether the first part of a sequence is this object identifier.
    func names(_ identifier: [UInt8], _ sequence: Element) -> Bool {
        children(of: sequence).first.map { bytes[$0.range].elementsEqual(identifier) } ?? false
    }
}

/// A signature in PKCS #7 (RFC 2315), by one signer.
struct SignedData {
    private(set) var der: DER
    /// The structure without the wrapper that names its type.
    private let content: DER.Element
    private let signer: [DER.Element]

    /// Nil if the bytes do not start with such a structure.
    init?(_ bytes: [UInt8]) {
        der = DER(bytes: bytes)
        guard let outer = der.element(at: 0), let wrapper = der.children(of: outer).last,
            wrapper.tag == 0xA0, let content = der.children(of: wrapper).first,
            let signers = der.children(of: content).last,
            let signer = der.children(of: signers).first
        else { return nil }
        self.content = content
        self.signer = der.children(of: signer)
    }

    var contentBytes: [UInt8] { Array(der.bytes[content.range]) }

    private var attributes: DER.Element? { signer.first { $0.tag == 0xA0 } }

    /// The signed attributes, in the form that is digested; nil if there are none.
    var signedAttributes: [UInt8]? {
        guard let attributes else { return nil }
        // A set's tag, not the field's own (RFC 2315, section 9.3).
        return [0x31] + der.bytes[attributes.range].dropFirst()
    }

    /// Overwrites the signing time, an attribute, with a UTCTime of 13 characters.
    ///
    /// Returns false if there is none.
    mutating func setSigningTime(_ time: String) -> Bool {
        let identifier: [UInt8] = [
            0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x05, 0x31, 0x0F, 0x17,
            0x0D,
        ]
        guard let attributes,
            let start = der.bytes[attributes.content].firstRange(of: identifier)?.upperBound,
            start + 13 <= attributes.content.upperBound, time.utf8.count == 13
        else { return false }
        der.bytes.replaceSubrange(start..<start + 13, with: time.utf8)
        return true
    }

    /// Replaces the signature with one of the same length; returns false if the lengths differ.
    mutating func setSignature(_ signature: [UInt8]) -> Bool {
        guard let field = signer.last(where: { $0.tag == 0x04 }),
            field.content.count == signature.count
        else { return false }
        der.bytes.replaceSubrange(field.content, with: signature)
        return true
    }
}
