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
    /// Ends the greeting.
    static let greeting = #"{"execute":"qmp_capabilities"}"#
    /// Ends the greeting, and starts the machine, which is stopped at first (`-S`).
    static let start = greeting + #"{"execute":"cont"}"#
    /// Stops the machine: lldb does not understand how a running one greets a debugger.
    static let stop = #"{"execute":"stop"}"#
    static let quit = #"{"execute":"quit"}"#
    /// Has QEMU look at its timers; the answer says nothing.
    static let wake = #"{"execute":"query-status"}"#
    static let pictureID = "picture"
    static let haltID = "halt"

    /// Requests a PNG of the screen.
    static func picture(to path: FilePath) -> String {
        #"{"execute":"screendump","id":"\#(pictureID)","#
            + #""arguments":{"format":"png","filename":\#(JSON.text(path.string))}}"#
    }

    /// Requests a PNG of the screen of a board, which stands still meanwhile: QEMU 7.2 crashes if
    /// the guest sets up a framebuffer during a picture.
    static func pictureOfBoard(to path: FilePath) -> String {
        stop + picture(to: path) + #"{"execute":"cont"}"#
    }

    /// Requests the registers of all processors, to learn whether they halt.
    static let halt =
        #"{"execute":"human-monitor-command","id":"\#(haltID)","#
        + #""arguments":{"command-line":"info registers -a"}}"#

    /// Requests the registers; the answer is text for people.
    static let registers =
        #"{"execute":"human-monitor-command","#
        + #""arguments":{"command-line":"info registers"}}"#
}

/// Whether every processor waits for an interrupt that it has disabled (Intel SDM 2A, HLT).
func isHalted(registers text: String) -> Bool {
    let words = text.split(whereSeparator: { " \r\n".contains($0) })
    let halts = words.filter { $0.hasPrefix("HLT=") }
    let flags = words.compactMap { word in
        word.hasPrefix("RFL=") || word.hasPrefix("EFL=")
            ? UInt64(word.dropFirst(4), radix: 16) : nil
    }
    return !halts.isEmpty && halts.allSatisfy { $0 == "HLT=1" } && flags.count == halts.count
        && flags.allSatisfy { $0 & 0x200 == 0 }
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
