import DiskImage
import ELFKit
import Foundation
import GuestKit
import SystemPackage
import TestSupport
import Testing

@testable import bootimage

/// The boots of a test run, its shards, and the files of its logs.
struct TestPlanTests {
    @Test(arguments: [
        ("1/1", [0, 1, 2, 3]), ("1/3", [0, 3]), ("3/3", [2]), ("7/9", []),
    ])
    func `each boot is in one shard`(_ argument: String, _ expected: [Int]) throws {
        let files = ["a", "b"].map {
            TestPlan.Candidate(
                file: FilePath($0), starters: [.firmware(.bios), .firmware(.uefi)],
                architectures: [.x86_64])
        }
        let all = try TestPlan.boots(of: files, shard: nil)
        let shard = try #require(TestPlan.Shard(argument: argument))
        let boots = try TestPlan.boots(of: files, shard: shard)
        #expect(boots == expected.map { all[$0] })
    }

    @Test(arguments: [
        ([Starter.firmware(.bios), .firmware(.uefi)], ["a bios", "a uefi", "a-aarch64 uefi"]),
        ([.firmware(.uefi)], ["a uefi", "a-aarch64 uefi"]), ([.firmware(.bios)], ["a bios"]),
    ])
    func `an image for both architectures is booted on both`(
        _ starters: [Starter], _ expected: [String]
    ) throws {
        let boots = try TestPlan.boots(
            of: [
                TestPlan.Candidate(
                    file: "a", starters: starters, architectures: [.x86_64, .aarch64])
            ], shard: nil)
        #expect(boots.map { "\($0.name) \($0.starter.name)" } == expected)
    }

    @Test(arguments: ["", "1", "0/2", "3/2", "1/0", "a/b", "1/2/3", "-1/2"])
    func `an invalid shard is refused`(_ argument: String) {
        #expect(TestPlan.Shard(argument: argument) == nil)
    }

    @Test(arguments: ["symbolic", "hard"])
    func `a log replaces a link with its name`(_ kind: String) async throws {
        try await withTemporaryFolder { folder in
            let target = folder.appending("target")
            try write("old".utf8, to: target)
            let logs = try makeFolder(folder.appending("logs"))
            let link = logs.appending("kernel.bios.log")
            let manager = FileManager.default
            if kind == "hard" {
                try manager.linkItem(atPath: target.string, toPath: link.string)
            } else {
                try manager.createSymbolicLink(
                    atPath: link.string, withDestinationPath: target.string)
            }
            let boot = TestPlan.Boot(
                name: "kernel", file: "kernel", starter: .firmware(.bios), architecture: .x86_64)
            let record = try TestOutput.openRecord(of: boot, in: logs)
            try record.writeAll("new".utf8)
            try record.close()
            #expect(try read(target) == Array("old".utf8))
            #expect(try read(link) == Array("new".utf8))
        }
    }
}
