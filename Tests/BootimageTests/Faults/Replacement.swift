import Foundation
import SystemPackage
import TestSupport
import Testing

/// A build that is to replace an old image by a new one, and what has become of it.
struct Replacement: Sendable {
    /// What the output holds.
    enum Outcome: String, CaseIterable {
        case old, new, torn
    }

    /// Holds kernel, output and nothing else.
    let folder: FilePath
    let firmware: String
    private let old: Data
    private let new: Data

    var kernel: FilePath { folder.appending("kernel.elf") }
    var output: FilePath { folder.appending("image") }
    /// The executable and its arguments.
    var command: [String] {
        [
            Project.bootimage.name, "build", kernel.string, "--firmware", firmware,
            "-o", output.string,
        ]
    }

    /// Makes a folder with a kernel and an image of another one.
    static func prepared(
        for firmware: String, _ body: (Replacement) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = folder.appending("kernel.elf")
            let output = folder.appending("image")
            let build = ["build", kernel.string, "--firmware", firmware, "-o", output.string]
            var images: [Data] = []
            for bytes in [try await HelloKernel.bytesWithWritableCode, try await HelloKernel.bytes]
            {
                try write(bytes, to: kernel)
                try await Project.bootimage.succeed(build)
                images.append(try Data(contentsOf: URL(filePath: output.string)))
            }
            let replacement = Replacement(
                folder: folder, firmware: firmware, old: images[0], new: images[1])
            try replacement.restore()
            try await body(replacement)
        }
    }

    /// Puts the old image back, and removes whatever else has come into the folder.
    func restore() throws {
        for name in try leftovers {
            try FileManager.default.removeItem(atPath: folder.appending(name).string)
        }
        try old.write(to: URL(filePath: output.string))
    }

    var outcome: Outcome {
        get throws {
            let found = try Data(contentsOf: URL(filePath: output.string))
            return found == old ? .old : found == new ? .new : .torn
        }
    }

    /// Names in the folder that no build leaves there.
    var leftovers: [String] {
        get throws { try names(in: folder).filter { $0 != "kernel.elf" && $0 != "image" } }
    }

    /// Checks that a build that ended well made the new image, and that one that did not said why
    /// in one line and kept the old one, unless all that failed was to print the new one's name.
    @discardableResult
    func check(_ verdict: Tool.Verdict, _ fault: String) throws -> Outcome {
        let outcome = try outcome
        #expect(try leftovers == [], "\(fault)")
        if verdict.exitCode == 0 {
            #expect(outcome == .new, "\(fault)")
        } else {
            let isPrintingAlone = verdict.error.contains(": standard output: ")
            #expect(outcome == (isPrintingAlone ? .new : .old), "\(fault)")
            let lines = verdict.error.split(separator: "\n")
            #expect(lines.count == 1 && lines[0].hasPrefix("bootimage: "), "\(fault): \(lines)")
        }
        return outcome
    }
}

/// How often a fault had which outcome, for people to read.
struct Tally: CustomStringConvertible {
    private var counts: [Replacement.Outcome: Int] = [:]

    mutating func count(_ outcome: Replacement.Outcome) { counts[outcome, default: 0] += 1 }

    var description: String {
        Replacement.Outcome.allCases.map { "\($0) \(counts[$0, default: 0])" }
            .joined(separator: ", ")
    }
}
