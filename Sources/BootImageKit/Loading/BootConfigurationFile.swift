package import DiskImage
import ELFKit
import FoundationEssentials

/// Checks the loader settings, a boot.json.
///
/// The file is the bootloader crate's, with keys of this loader added.
package enum BootConfigurationFile {
    /// The loader keeps the file in memory.
    static let limit = ByteCount(64 << 10)

    static let empty = Array("{}".utf8)

    /// A member of the object, as text.
    enum Member {
        static let waitForDebugger = #""wait_for_debugger": true"#
        static func bootProtocol(_ selected: BootProtocol) -> String {
            #""protocol": "\#(selected.rawValue)""#
        }
    }

    /// Returns the file with these members, of which there is at least one.
    static func adding(_ members: [String], to file: [UInt8]) -> [UInt8] {
        let start = (file.firstIndex(of: UInt8(ascii: "{")) ?? file.startIndex) + 1
        let rest = file[start...].drop { " \t\r\n".utf8.contains($0) }
        let end = rest.first == UInt8(ascii: "}") ? "" : ", "
        return file[..<start] + Array((members.joined(separator: ", ") + end).utf8) + rest
    }

    /// The boot protocol that a file selects, if it can be read.
    static func bootProtocol(in file: [UInt8]) -> BootProtocol? {
        struct Members: Decodable { let `protocol`: String? }
        let members = try? JSONDecoder().decode(Members.self, from: Data(file))
        return members?.protocol.flatMap(BootProtocol.init(rawValue:))
    }

    /// Refuses what the loader would refuse: unknown keys, values of the wrong type, escapes;
    /// returns the file's bytes.
    @discardableResult
    package static func check(_ file: ImageInput) throws(BuildError) -> [UInt8] {
        guard file.byteCount <= limit else {
            throw .input(file.path, .settingsTooLong(found: file.byteCount, allowed: limit))
        }
        let bytes = try file.descriptor.read(limit.value, at: 0, of: file.path)
        do {
            _ = try JSONDecoder().decode(Members.self, from: Data(bytes))
        } catch {
            let reason = (error as? DecodingError).map(describe) ?? "\(error)"
            throw .input(file.path, .badSettings(reason))
        }
        if bytes.contains(UInt8(ascii: "\\")) { throw .input(file.path, .escapeInSettings) }
        return bytes
    }

    /// One line: the place, and what is wrong there.
    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .keyNotFound(_, let context), .dataCorrupted(let context):
            let path = context.codingPath.map { $0.stringValue + ": " }.joined()
            let cause = context.underlyingError.map { " (\($0))" } ?? ""
            return path + context.debugDescription + cause
        @unknown default:
            return "\(error)"
        }
    }
}

extension BootConfigurationFile {
    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// The file, or its member `frame_buffer`; decoding only checks.
    private struct Members: Decodable {
        private static let levels = ["Off", "Error", "Warn", "Info", "Debug", "Trace"]

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            for key in members.allKeys {
                switch (decoder.codingPath.first?.stringValue, key.stringValue) {
                case (nil, "frame_buffer"): _ = try members.decode(Self.self, forKey: key)
                case (nil, "log_level"): try members.decode(Self.levels, forKey: key)
                case (nil, "protocol"):
                    try members.decode(BootProtocol.allCases.map(\.rawValue), forKey: key)
                case (nil, "frame_buffer_logging"), (nil, "serial_logging"), (nil, "aslr"),
                    (nil, "wait_for_debugger"), ("frame_buffer", "text_mode"):
                    _ = try members.decode(Bool.self, forKey: key)
                case (nil, "_test_sentinel"): _ = try members.decode(UInt64.self, forKey: key)
                case (nil, "exception_level"):
                    guard try [1, 2].contains(members.decode(Int.self, forKey: key)) else {
                        throw DecodingError.dataCorruptedError(
                            forKey: key, in: members, debugDescription: "must be 1 or 2")
                    }
                case (nil, "on_failure"):
                    if (try? members.decode(UInt8.self, forKey: key)) == nil {
                        try members.decode(["halt", "reboot"], orNumber: "0…255", forKey: key)
                    }
                case ("frame_buffer", "minimum_framebuffer_height"),
                    ("frame_buffer", "minimum_framebuffer_width"):
                    _ = try members.decodeIfPresent(UInt64.self, forKey: key)
                default:
                    throw DecodingError.dataCorruptedError(
                        forKey: key, in: members, debugDescription: "unknown key")
                }
            }
        }
    }
}

extension KeyedDecodingContainer {
    /// Decodes a string that must be one of these; the error also offers the numbers, if any.
    fileprivate func decode(
        _ words: [String], orNumber numbers: String? = nil, forKey key: Key
    ) throws {
        let word = try? decode(String.self, forKey: key)
        if let word, words.contains(word) { return }
        let allowed = (words + (numbers.map { [$0] } ?? [])).joined(separator: ", ")
        throw DecodingError.dataCorruptedError(
            forKey: key, in: self,
            debugDescription: word.map { "is “\($0)”; it must be \(allowed)" }
                ?? "must be one of \(allowed)")
    }
}
