import FoundationEssentials
import HostSystem
import SystemPackage

/// A line of QEMU's on its control channel (QMP, "docs/interop/qmp-spec").
struct MachineMessage: Decodable {
    struct Details: Decodable {
        var reason: String?
        var guest: Bool?
    }

    /// Why QEMU did not do what it was asked.
    struct Problem: Error, Decodable {
        var desc: String
    }

    private enum CodingKeys: String, CodingKey {
        case event, data, id, error
        case reply = "return"
    }

    /// What happened to the machine, if that is what this is about.
    let event: String?
    let details: Details?
    /// The name that the request had which this answers.
    let id: String?
    let problem: Problem?
    /// The text that answers a request of the human monitor's kind.
    let reply: String?

    /// Nil for what is no such line.
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

/// What is asked of QEMU on its control channel.
enum ControlRequest {
    /// Ends the greeting, and starts the machine, which waits for it (`-S`).
    static let start = #"{"execute":"qmp_capabilities"}{"execute":"cont"}"#
    /// Stops the machine: one that runs greets a debugger with an answer that lldb does not expect.
    static let stop = #"{"execute":"stop"}"#
    static let pictureID = "picture"

    /// Asks for a PNG of the screen.
    static func picture(to path: FilePath) -> String {
        let arguments = PictureRequest.Arguments(filename: path.string)
        // These strings and this dictionary always encode.
        let bytes = (try? JSONEncoder().encode(PictureRequest(arguments: arguments))) ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }

    private struct PictureRequest: Encodable {
        struct Arguments: Encodable {
            let filename: String
            var format = "png"
        }

        var execute = "screendump"
        var id = pictureID
        let arguments: Arguments
    }

    /// Asks for the registers; the answer is text for people.
    static let registers =
        #"{"execute":"human-monitor-command","#
        + #""arguments":{"command-line":"info registers"}}"#
}
