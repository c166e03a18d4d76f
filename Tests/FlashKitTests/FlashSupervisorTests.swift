import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import FlashKit
@testable import HostSystem

/// Shell scripts in place of the writer, and how the supervisor judges them.
@Suite(.serialized)
struct FlashSupervisorTests {
    @Test func `a finished writer succeeds, with all its events`() throws {
        let (problem, events) = try Self.run(
            "echo progress writing 5; echo x; printf 'progress comp'; echo aring 7; echo done"
        )
        #expect(problem == nil)
        #expect(events == [.progress(.writing, 5), .progress(.comparing, 7), .done])
    }

    @Test func `a writer has the device, the image and a pipe for events`() throws {
        let (problem, events) = try Self.run(
            "read word; read number <&3; echo progress $word $number; echo done",
            device: "writing\n", image: "17\n")
        #expect(problem == nil)
        #expect(events == [.progress(.writing, 17), .done])
    }

    @Test func `a writer's failure is reported`() throws {
        let (problem, _) = try Self.run("echo differs 512 1 2")
        #expect(problem == .failed(.differs(at: 512, found: 1, written: 2)))
    }

    @Test(arguments: [(ENODEV, true), (ENXIO, true), (ENOMEDIUM, true), (EIO, false), (EIO, true)])
    func `an error of a missing device is reported as its removal`(
        _ number: Int32, _ isGone: Bool
    ) throws {
        let looks = Counter()
        let (problem, _) = try Self.run("echo device writing \(number) 4096") {
            looks.next() < 2 || !isGone
        }
        let errno = Errno(rawValue: number)
        #expect(
            problem == (isGone ? .pulledOut : .failed(.device(.writing, errno, at: 4096))))
    }

    @Test func `a removed device ends a writer that waits for it`() throws {
        let looks = Counter()
        let start = ContinuousClock.now
        let (problem, _) = try Self.run("echo progress writing 5; exec sleep 1000") {
            looks.next() < 3
        }
        #expect(problem == .pulledOut)
        #expect(.now - start < .seconds(100))
    }

    @Test func `a device that does not respond is given up`() throws {
        let limits = FlashSupervisor.Limits(piece: .seconds(1), flush: .seconds(1000))
        let (problem, _) = try Self.run("echo progress writing 5; exec sleep 1000", limits)
        #expect(problem == .silent(.seconds(1)))
    }

    @Test func `a device may take longer to flush`() throws {
        // The first event must arrive within the limit for a piece, on a busy machine as well.
        let limits = FlashSupervisor.Limits(piece: .seconds(8), flush: .seconds(1000))
        let (problem, _) = try Self.run("echo progress flushing 0; sleep 10; echo done", limits)
        #expect(problem == nil)
    }

    @Test func `a writer that ends silently is reported with its status`() throws {
        #expect(try Self.run("exit 3").problem == .ended(.status(3)))
        #expect(try Self.run("kill -KILL $$").problem == .ended(.signal(SIGKILL)))
    }

    @Test func `a missing writer is reported`() throws {
        let (problem, _) = try Self.run("", program: "/nonexistent/writer")
        #expect(problem == .notStarted(.noSuchFileOrDirectory))
    }

    /// The promise to users: at most ten seconds after a stick was pulled out.
    @Test func `no wait exceeds ten seconds`() {
        #expect(FlashSupervisor.Limits().piece < .seconds(10))
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    private static func run(
        _ script: String, _ limits: FlashSupervisor.Limits = .init(),
        program: FilePath = "/bin/sh", device: String = "", image: String = "",
        isPresent: @escaping () -> Bool = { true }
    ) throws -> (problem: FlashSupervisor.Problem?, events: [FlashEvent]) {
        var supervisor = FlashSupervisor(
            program: program, arguments: ["-c", script], isPresent: isPresent)
        supervisor.limits = limits
        let files = try [device, image].map { text in
            let file = try #require(tmpfile())
            fputs(text, file)
            rewind(file)
            return file
        }
        defer { fclose(files[1]) }
        let (device, image) = (dup(fileno(files[0])), fileno(files[1]))
        fclose(files[0])
        var events: [FlashEvent] = []
        do throws(FlashSupervisor.Problem) {
            try supervisor.run(
                device: FileDescriptor(rawValue: device), image: FileDescriptor(rawValue: image)
            ) { events.append($0) }
        } catch {
            return (error, events)
        }
        return (nil, events)
    }
}
