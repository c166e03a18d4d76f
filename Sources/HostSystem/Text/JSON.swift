/// Writes values as JSON (RFC 8259) whose bytes depend on the value alone.
///
/// Members keep the order in which `encode(to:)` encodes them, each level is indented by two
/// spaces, integers keep all their digits, and an optional property without a value is `null`.
package enum JSON {
    /// Returns the value as JSON, without a newline at the end.
    ///
    /// - Precondition: no `encode(to:)` throws, and there are no floating-point numbers.
    package static func text(_ value: some Encodable) -> String {
        do { return try Node(encoding: value).text(indentation: "") } catch {
            preconditionFailure("\(type(of: value)) cannot be encoded: \(error)")
        }
    }
}

/// An object in a report, written as a dictionary literal; its members keep their order, and `nil`
/// becomes `null`.
package struct JSONObject: Encodable, ExpressibleByDictionaryLiteral {
    private let members: [(String, (any Encodable)?)]

    package init(_ members: [(String, (any Encodable)?)]) { self.members = members }

    package init(dictionaryLiteral members: (String, (any Encodable)?)...) {
        self.members = members
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: MemberKey.self)
        for (name, value) in members {
            let key = MemberKey(name)
            if let value {
                try object.encode(value, forKey: key)
            } else {
                try object.encodeNil(forKey: key)
            }
        }
    }

    /// The members of both, in order.
    package static func + (first: Self, second: Self) -> Self {
        Self(first.members + second.members)
    }
}

extension Encoder {
    /// Encodes an object with these members.
    package func encode(_ object: JSONObject) throws { try object.encode(to: self) }
}

/// The name of an object's member.
private struct MemberKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}

/// A value that is being encoded.
///
/// A class, because a nested container outlives the call that makes it.
private final class Node {
    private enum Content {
        /// As it stands in the text.
        case scalar(String)
        case array([Node])
        case object([(key: String, value: Node)])
    }

    private var content = Content.scalar("null")

    init() {}

    init(encoding value: some Encodable) throws {
        switch value {
        case let value as Bool: content = .scalar("\(value)")
        case let value as String: content = .scalar(Self.quoted(value))
        case let value as any BinaryInteger: content = .scalar("\(value)")
        case let value as any BinaryFloatingPoint:
            throw EncodingError.invalidValue(
                value, .init(codingPath: [], debugDescription: "reports have integers only"))
        default: try value.encode(to: NodeEncoder(node: self))
        }
    }

    func makeScalar(_ node: Node) { content = node.content }

    func makeArray() { if case .array = content {} else { content = .array([]) } }

    func makeObject() { if case .object = content {} else { content = .object([]) } }

    var count: Int { if case .array(let values) = content { values.count } else { 0 } }

    func append(_ value: Node) {
        guard case .array(var values) = content else { return }
        content = .array([])
        values.append(value)
        content = .array(values)
    }

    func append(_ value: Node, _ key: String) {
        guard case .object(var members) = content else { return }
        content = .object([])
        members.append((key, value))
        content = .object(members)
    }

    func text(indentation: String) -> String {
        switch content {
        case .scalar(let text): text
        case .array(let values): Self.list("[", values.map { ("", $0) }, "]", indentation)
        case .object(let members):
            Self.list("{", members.map { (Self.quoted($0.key) + ": ", $0.value) }, "}", indentation)
        }
    }

    private static func list(
        _ start: String, _ items: [(label: String, value: Node)], _ end: String,
        _ indentation: String
    ) -> String {
        if items.isEmpty { return start + end }
        let inner = indentation + "  "
        let lines = items.map { inner + $0.label + $0.value.text(indentation: inner) }
        return start + "\n" + lines.joined(separator: ",\n") + "\n" + indentation + end
    }

    /// Escapes quotes, backslashes and control characters, what ends a line for some readers
    /// (U+2028, U+2029, U+0080–U+009F), and what changes the direction of text;
    /// bytes that are not UTF-8 become `\xNN`.
    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}", "\u{2028}", "\u{2029}",
                _ where scalar.properties.isBidiControl:
                "\\u" + String(scalar.value + 0x1_0000, radix: 16).dropFirst()
            default: scalar.shownPathByte.map { "\\" + $0 } ?? String(scalar)
            }
        }
        return "\"" + scalars.joined() + "\""
    }
}

private struct NodeEncoder: Encoder {
    let node: Node
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.makeObject()
        return KeyedEncodingContainer(Members(node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.makeArray()
        return Elements(node: node)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(node: node) }
}

private struct Single: SingleValueEncodingContainer {
    let node: Node
    var codingPath: [any CodingKey] { [] }

    func encodeNil() {}
    func encode(_ value: some Encodable) throws { node.makeScalar(try Node(encoding: value)) }
}

private struct Elements: UnkeyedEncodingContainer {
    let node: Node
    var codingPath: [any CodingKey] { [] }
    var count: Int { node.count }

    func encodeNil() { node.append(Node()) }
    func encode(_ value: some Encodable) throws { node.append(try Node(encoding: value)) }

    func nestedContainer<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        added().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { added().unkeyedContainer() }

    func superEncoder() -> any Encoder { added() }

    private func added() -> NodeEncoder {
        let value = Node()
        node.append(value)
        return NodeEncoder(node: value)
    }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: Node
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) { node.append(Node(), key.stringValue) }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        node.append(try Node(encoding: value), key.stringValue)
    }

    // The defaults of all these leave the member out.
    func encodeIfPresent(_ value: (some Encodable)?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: String?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try add(value, key) }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try add(value, key) }

    private func add(_ value: (some Encodable)?, _ key: Key) throws {
        if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func nestedContainer<Nested>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        added(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        added(key.stringValue).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { added("super") }
    func superEncoder(forKey key: Key) -> any Encoder { added(key.stringValue) }

    private func added(_ key: String) -> NodeEncoder {
        let value = Node()
        node.append(value, key)
        return NodeEncoder(node: value)
    }
}
