import Foundation
import GuestFSProtocol
import SystemPackage
import TestSupport
import Testing

@testable import GuestFS
@testable import bootimage_guestfs

/// The binding of libguestfs, as far as it needs no virtual machine, and the helper's parts.
struct ApplianceTests {
    @Test(arguments: [(0, "a"), (25, "z"), (26, "aa"), (27, "ab"), (701, "zz"), (702, "aaa")])
    func `disks are labelled by letters`(_ index: Int, _ label: String) {
        #expect(Appliance.label(index) == label)
    }

    @Test func `the version is that of the library`() throws {
        let version = try #require(try Appliance(usesKVM: false) { _ in }.version)
        #expect(version.wholeMatch(of: /\d+\.\d+\.\d+/) != nil, "\(version)")
    }

    @Test func `an error has the library's own words`() throws {
        let appliance = try Appliance(usesKVM: false) { _ in }
        #expect {
            try appliance.makeFileSystem(.ext4, on: "/dev/sda", label: "root")
        } throws: { error in
            guard case .call(.mkfs, let message, _) = error as? GuestFSError else { return false }
            return message == "mkfs: call launch before using this function"
        }
    }

    @Test func `a disk without a name is refused, a name with commas and colons is not`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let path = folder.appending("a,b:c=d .img")
            let image = try FileDescriptor.open(
                path, .readWrite, options: .create, permissions: .ownerReadWrite)
            defer { try? image.close() }
            let appliance = try Appliance(usesKVM: false) { _ in }
            #expect(try appliance.add(image, readOnly: false) == "/dev/disk/guestfs/a")
            #expect(
                try appliance.add(image, readOnly: false, sectorByteCount: 4096)
                    == "/dev/disk/guestfs/b")
            try FileManager.default.removeItem(atPath: path.string)
            #expect(throws: GuestFSError.imageRemoved(errno: 2)) {
                _ = try appliance.add(image, readOnly: true)
            }
        }
    }

    @Test func `checksums are read as they come, and another line is refused`() throws {
        let (reading, writing) = try FileDescriptor.pipe()
        try writing.writeAll("1533439875 37888 ./EFI/BOOT/BOOTX64.EFI\n0 0 ./a b\n1 x\n".utf8)
        try writing.close()
        defer { try? reading.close() }
        var files: [GuestFSEvent.File] = []
        #expect(throws: GuestFSError.unknownLine(text: "1 x")) {
            try ChecksumList.read(from: reading) { files.append($0) }
        }
        #expect(
            files == [
                .init(path: "/EFI/BOOT/BOOTX64.EFI", byteCount: 37888, checksum: 1_533_439_875),
                .init(path: "/a b", byteCount: 0, checksum: 0),
            ])
    }

    @Test func `where both ends of a pipe fail, the peer's error is the cause`() throws {
        let cause = GuestFSError.changedSource(path: "a")
        let effect = GuestFSError.full(message: "b")
        #expect(throws: cause) {
            try PipedCall().feed { _ throws(GuestFSError) in
                throw effect
            } by: { _ throws(GuestFSError) in
                throw cause
            }
        }
        #expect(throws: effect) {
            try PipedCall().drain { _ throws(GuestFSError) in
                throw effect
            } by: { _ throws(GuestFSError) in
            }
        }
    }

    @Test func `requests and events are the same after a round trip`() throws {
        let requests: [GuestFSRequest] = [
            .init(
                usesKVM: true,
                task: .make(partitions: [
                    .init(image: 3, fileSystem: .xfs, label: "data", source: 5),
                    .init(image: 4, fileSystem: .ext2, label: "", source: nil),
                ])),
            .init(
                usesKVM: false,
                task: .read(disk: .init(image: 3, sectorByteCount: 4096, volumes: [1, nil]))),
        ]
        for request in requests {
            let text = try JSONEncoder().encode(request)
            #expect(try JSONDecoder().decode(GuestFSRequest.self, from: text) == request)
        }
        let events: [GuestFSEvent] = [
            .began(step: .starting, item: nil), .progress(done: 1, total: .max), .done,
            .found(file: .init(path: "/a\n\u{1}", byteCount: 1, checksum: .max), item: 7),
        ]
        for event in events {
            let text = try JSONEncoder().encode(event)
            #expect(!text.contains(UInt8(ascii: "\n")))
            #expect(try JSONDecoder().decode(GuestFSEvent.self, from: text) == event)
        }
    }

    @Test(arguments: [[], ["{}"], ["--help"], ["{}", "{}"]])
    func `the helper refuses what is no request`(_ arguments: [String]) async throws {
        let verdict = try await Project.guestFSHelper.run(arguments)
        #expect(verdict.exitCode == 64)
        #expect(verdict.error.hasPrefix("bootimage-guestfs: "), "\(verdict.text)")
        #expect(verdict.output.isEmpty)
    }
}
