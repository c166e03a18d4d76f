import GuestFSProtocol
import Testing

@testable import BootImageKit
@testable import HostSystem
@testable import bootimage

/// How libguestfs's progress looks.
struct GuestFSProgressTests {
    private static let title = "partition “root” (ext4, 200MiB)"

    @Test func `a terminal shows the step, a bar and the time left`() {
        var text = GuestFSProgressText(isTerminal: true)
        #expect(
            text.line(.init(step: .starting, done: 3, total: 12), at: .seconds(4))
                == .transient(
                    "libguestfs: starting its virtual machine  ████░░░░░░░░░░░░   25 %  0:00"))
        #expect(
            text.line(.init(title: Self.title, step: .formatting), at: .seconds(10))
                == .transient("\(Self.title): formatting  0:00"))
        var copying = GuestFSHelper.Progress(title: Self.title, step: .copying)
        #expect(
            text.line(copying, at: .seconds(12)) == .transient("\(Self.title): copying  0:00"))
        (copying.done, copying.total) = (25_000_000, 100_000_000)
        #expect(
            text.line(copying, at: .seconds(15))
                == .transient("\(Self.title): copying  ████░░░░░░░░░░░░   25 %  0:09 left"))
        #expect(text.line(copying, at: .seconds(15)) == nil)
        copying.done = 100_000_000
        #expect(
            text.line(copying, at: .seconds(80))
                == .transient("\(Self.title): copying  ████████████████  100 %  0:00 left"))
        #expect(
            text.line(.init(title: Self.title, step: .finished), at: .seconds(81))
                == .permanent("\(Self.title): done in 1:11"))
        #expect(text.line(.init(title: Self.title, step: .finished), at: .seconds(82)) == nil)
    }

    @Test func `no line is wider than a terminal`() {
        var text = GuestFSProgressText(isTerminal: true)
        let title = "partition “\(String(repeating: "n", count: 36))” (btrfs, 1024GiB)"
        let progress = GuestFSHelper.Progress(title: title, step: .copying, done: 1, total: 1000)
        guard case .transient(let first) = text.line(progress, at: .zero),
            case .transient(let line) = text.line(progress, at: .seconds(1))
        else {
            Issue.record("no line that is drawn over")
            return
        }
        #expect(line.hasSuffix("n…: copying  ░░░░░░░░░░░░░░░░    0 %  16:39 left"))
        #expect(line.count == 79 && first.count == 79)
    }

    @Test func `elsewhere there are a few lines that stay`() {
        var text = GuestFSProgressText(isTerminal: false)
        var lines: [String] = []
        func take(_ progress: GuestFSHelper.Progress, at tenths: Int) {
            switch text.line(progress, at: .milliseconds(100 * tenths)) {
            case .permanent(let line): lines.append(line)
            case .transient(let line): Issue.record("drawn: \(line)")
            case nil: break
            }
        }
        for tenths in 0..<150 { take(.init(step: .starting, done: 0, total: 12), at: tenths) }
        take(.init(title: Self.title, step: .formatting), at: 150)
        for tenths in 151..<400 {
            let done = UInt64(tenths - 151) * 400_000
            take(
                .init(title: Self.title, step: .copying, done: done, total: 100_000_000), at: tenths
            )
        }
        take(.init(title: Self.title, step: .flushing), at: 400)
        take(.init(title: Self.title, step: .finished), at: 402)
        #expect(
            lines == [
                "libguestfs: starting its virtual machine",
                "libguestfs: starting its virtual machine, 0:10",
                "\(Self.title): formatting", "\(Self.title): copying 100 MB",
                "\(Self.title): copying, 40 %, 40.0 MB of 100 MB, 0:15 left",
                "\(Self.title): copying, 80 %, 80.0 MB of 100 MB, 0:05 left",
                "\(Self.title): done in 0:25",
            ])
    }
}
