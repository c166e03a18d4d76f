import BootImageKit
import GuestFSProtocol
import HostSystem

/// libguestfs's progress for people: one line drawn in place on a terminal, a few lines that stay
/// anywhere else.
struct GuestFSProgressText {
    enum Line: Equatable {
        case transient(String)
        case permanent(String)
    }

    /// No terminal is narrower; what it would wrap could not be drawn over.
    private static let columnLimit = 79
    private static let barWidth = 16
    /// Between two lines that stay, while nothing but a number changes.
    private static let interval = Duration.seconds(10)

    private let isTerminal: Bool
    private var title = ""
    private var step: GuestFSHelper.Progress.Step?
    private var titleStart = Duration.zero
    private var stepStart = Duration.zero
    private var nextLine = Duration.zero
    private var drawn = ""

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    /// The line for this progress at this time since the start; nil if there is nothing new.
    mutating func line(_ progress: GuestFSHelper.Progress, at time: Duration) -> Line? {
        // A line that stays waits until it can say how much is copied.
        if !isTerminal, progress.step == .copying, progress.total == 0 { return nil }
        if progress.title != title { (title, titleStart, step) = (progress.title, time, nil) }
        let isNew = progress.step != step
        if isNew { (step, stepStart, nextLine) = (progress.step, time, time + Self.interval) }
        if progress.step == .finished {
            return isNew
                ? .permanent("\(title): done in \((time - titleStart).minutesText)") : nil
        }
        if isTerminal {
            let drawing = drawing(progress, after: time - stepStart)
            defer { drawn = drawing }
            return drawing == drawn ? nil : .transient(drawing)
        }
        if isNew {
            let amount = progress.step == .copying ? " \(Size.decimal(progress.total))" : ""
            return progress.step == .flushing
                ? nil : .permanent("\(title): \(progress.step.text)\(amount)")
        }
        guard time >= nextLine else { return nil }
        nextLine = time + Self.interval
        let amount = amount(progress, after: time - stepStart)
        return .permanent("\(title): \(progress.step.text), \(amount)")
    }

    private func drawing(_ progress: GuestFSHelper.Progress, after time: Duration) -> String {
        var end = ": \(progress.step.text)"
        if progress.total > 0 {
            let done = min(progress.done, progress.total)
            let length = Int(Double(done) / Double(progress.total) * Double(Self.barWidth))
            let percent = "\(Self.percent(progress))"
            end += "  " + String(repeating: "█", count: length)
            end += String(repeating: "░", count: Self.barWidth - length)
            end += String(repeating: " ", count: 5 - percent.count) + "\(percent) %"
        } else if progress.done > 0 {
            end += "  \(progress.done) files"
        }
        end += "  " + (timeLeft(progress, after: time) ?? time.minutesText)
        let room = max(Self.columnLimit - end.count, 0)
        return (title.count <= room ? title : title.prefix(max(room - 1, 0)) + "…") + end
    }

    private func amount(_ progress: GuestFSHelper.Progress, after time: Duration) -> String {
        switch progress.step {
        case .copying:
            let (done, total) = (Size.decimal(progress.done), Size.decimal(progress.total))
            let left = timeLeft(progress, after: time).map { ", \($0)" } ?? ""
            return "\(Self.percent(progress)) %, \(done) of \(total)\(left)"
        case .reading: return "\(progress.done) files"
        default: return time.minutesText
        }
    }

    /// Returns nil if there is no basis for an estimate: only a copy has a steady rate.
    private func timeLeft(_ progress: GuestFSHelper.Progress, after time: Duration) -> String? {
        guard progress.step == .copying, progress.done > 0, time >= .milliseconds(500) else {
            return nil
        }
        let rest = Double(progress.total - min(progress.done, progress.total))
        return (time * (rest / Double(progress.done))).minutesText + " left"
    }

    private static func percent(_ progress: GuestFSHelper.Progress) -> UInt64 {
        progress.total == 0 ? 0 : min(progress.done, progress.total) * 100 / progress.total
    }
}

extension GuestFSHelper.Progress.Step {
    fileprivate var text: String {
        switch self {
        case .starting: "starting its virtual machine"
        case .formatting: "formatting"
        case .copying: "copying"
        case .flushing: "writing out"
        case .reading: "reading all files"
        case .finished: "done"
        }
    }
}

extension Console {
    /// Returns a function that shows libguestfs's progress on standard error.
    static func guestFSProgress(isQuiet: Bool = false) -> GuestFSHelper.Report {
        if isQuiet { return { _ in } }
        let start = ContinuousClock.now
        var text = GuestFSProgressText(isTerminal: showsProgress)
        return { progress in
            guard let progress else { return erase() }
            switch text.line(progress, at: .now - start) {
            case .transient(let line): draw(line)
            case .permanent(let line):
                erase()
                note(line)
            case nil: break
            }
        }
    }
}
