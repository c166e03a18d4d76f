import FoundationEssentials
import GuestFS
import GuestFSProtocol
import Libc
import Synchronization
import SystemPackage

/// `bootimage-guestfs`: the part of `bootimage` that links libguestfs, started by it alone.
///
/// The only argument is a ``GuestFSRequest`` as JSON, or `--version`. Events go to standard
/// output. Exit status: 0 done, 1 failed (the last event says why), 64 no request of this version.
@main
enum Helper {
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        guard words.count == 1, let word = words.first else {
            end(64, "bootimage starts this program; it is of no use alone")
        }
        if word == "--version" { printVersion() }
        guard let request = try? JSONDecoder().decode(GuestFSRequest.self, from: Data(word.utf8)),
            request.version == GuestFSRequest.currentVersion
        else {
            end(64, "the request is of another version")
        }
        signal(SIGPIPE, SIG_IGN)
        Interruption.watch()
        exit(Worker.run(request, EventSink()) ? 0 : 1)
    }

    private static func printVersion() -> Never {
        do throws(GuestFSError) {
            let version = try Appliance(usesKVM: false) { _ in }.version
            print("libguestfs \(version ?? "of an unknown version")")
        } catch {
            end(1, "\(error)")
        }
        exit(0)
    }

    private static func end(_ status: Int32, _ message: String) -> Never {
        _ = try? FileDescriptor.standardError.writeAll("bootimage-guestfs: \(message)\n".utf8)
        exit(status)
    }
}

/// Whether this process was interrupted.
///
/// It leads a process group, so the signal also goes to the appliance, whose end makes the current
/// call fail. The handle is then closed, which removes libguestfs's temporary files.
enum Interruption {
    private static let flag = Atomic(false)

    static var hasHappened: Bool { flag.load(ordering: .relaxed) }

    static func watch() {
        // Initialised here, not by the handler.
        _ = hasHappened
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in Interruption.flag.store(true, ordering: .relaxed) }
        }
    }
}
