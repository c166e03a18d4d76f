import FoundationEssentials
import HostSystem
import SystemPackage

/// A line from QEMU's control channel (QMP, "docs/interop/qmp-spec").
struct MachineMessage: Decodable {
    struct Details: Decodable {
        var reason: String?
    }

    /// Why QEMU refused a request.
    struct Problem: Error, Decodable {
        var desc: String
    }

    private enum CodingKeys: String, CodingKey {
        case event, data, id, error
        case reply = "return"
    }

    let event: String?
    let details: Details?
    /// The `id` of the request that the line answers.
    let id: String?
    let problem: Problem?
    /// The text that answers a request to the human monitor.
    let reply: String?

    /// Returns nil if the line is not such a message.
    init?(_ line: String) {
        guard let message = try? JSONDecoder().decode(Self.self, from: Data(line.utf8)) else {
            return nil
        }
        self = message
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        event = try container.decodeIfPresent(String.self, forKey: .event)
        details = try? container.decodeIfPresent(Details.self, forKey: .data)
        id = try? container.decodeIfPresent(String.self, forKey: .id)
        problem = try container.decodeIfPresent(Problem.self, forKey: .error)
        reply = try? container.decodeIfPresent(String.self, forKey: .reply)
    }
}

/// Requests to QEMU on its control channel.
enum ControlRequest {
    /// Ends the greeting, and starts the machine, which is stopped at first (`-S`).
    static let start = #"{"execute":"qmp_capabilities"}{"execute":"cont"}"#
    /// Stops the machine: lldb does not understand how a running one greets a debugger.
    static let stop = #"{"execute":"stop"}"#
    static let pictureID = "picture"

    /// Requests a PNG of the screen.
    static func picture(to path: FilePath) -> String {
        #"{"execute":"screendump","id":"\#(pictureID)","#
            + #""arguments":{"format":"png","filename":\#(JSON.text(path.string))}}"#
    }

    /// Requests the registers; the answer is text for people.
    static let registers =
        #"{"execute":"human-monitor-command","#
        + #""arguments":{"command-line":"info registers"}}"#
}

/// The registers that show where a processor is and how it got there.
struct GuestRegisters: Equatable {
    /// RIP, or PC.
    let address: UInt64
    /// X30, the last call's return address; nil on x86-64.
    let link: UInt64?
}

extension GuestRegisters {
    /// Parses the answer to ``ControlRequest/registers``; returns nil for any other text.
    init?(_ text: String) {
        var values: [Substring: UInt64] = [:]
        for word in text.split(whereSeparator: { " \r\n".contains($0) }) {
            guard let mark = word.firstIndex(of: "=") else { continue }
            values[word[..<mark]] = UInt64(word[mark...].dropFirst(), radix: 16)
        }
        guard let address = values["RIP"] ?? values["PC"] else { return nil }
        self.init(address: address, link: values["X30"])
    }
}
