import DiskImage
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import FlashKit
@testable import HostSystem

/// A real disk that is described as one that must not be overwritten.
@Suite(.serialized, .needsLoopDevices)
struct FlasherTests {
    /// The refusals that do not depend on device numbers, which are the real machine's here.
    private static let cases = FlashRefusalTests.cases.filter { example in
        switch example.refusal {
        case .swap, .readOnly, .fixed, .sectors, .tooSmall, .empty, .optical, .madeOf: true
        default: false
        }
    }

    @Test(arguments: cases)
    func `a refused device is not written to`(_ example: FlashRefusalTests.Case) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("kernel.img")
            try Data(repeating: 7, count: 2 << 20).write(to: URL(filePath: path.string))
            try await LoopDevice.with(byteCount: 4 << 20, in: folder) { device in
                let old = try device.content
                try await MadeUpMachine.with { machine in
                    try example.change(machine)
                    let status = try device.path.stat()
                    let number = DeviceNumber(encoded: UInt64(status.rawValue.st_rdev))
                    try machine.put("sys/block/sdb/dev", "\(number)\n")
                    let image = try Self.image(path)
                    let refusal = #expect(throws: FlashRefusal.self) {
                        _ = try Flasher(
                            image, to: device.path, allowsFixedDisk: false, tree: machine.tree)
                    }
                    #expect(refusal == example.refusal)
                }
                let isSame = try device.content == old
                #expect(isSame)
            }
        }
    }

    @Test(arguments: ["other content", "same size and time"])
    func `an image that changed since its check is not written`(_ change: String) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("kernel.img")
            try Data(repeating: 7, count: 2 << 20).write(to: URL(filePath: path.string))
            let image = try Self.image(path)
            let file = try FileDescriptor.open(path, .readWrite)
            defer { try? file.close() }
            let status = try path.stat()
            // Linux takes the time from a clock that ticks every 10 ms or less.
            try await Task.sleep(for: .milliseconds(50))
            try file.writeAll(toAbsoluteOffset: 0, [8])
            if change == "same size and time" {
                var times = [status.st_atim, status.st_mtim]
                #expect(futimens(file.rawValue, &times) == 0)
            }
            try await LoopDevice.with(byteCount: 4 << 20, in: folder) { device in
                let old = try device.content
                let flasher = try Flasher(image, to: device.path, allowsFixedDisk: true)
                #expect(throws: FlashSupervisor.Problem.imageChangedSinceCheck) {
                    try flasher.write(["none"]) { _ in }
                }
                let isSame = try device.content == old
                #expect(isSame)
            }
        }
    }

    private static func image(_ path: FilePath) throws -> FlashImage {
        let descriptor = try FileDescriptor.openForReading(path)
        return try FlashImage(
            descriptor, path: path, sectorSize: .bytes512,
            version: FlashImage.Version(of: descriptor, path: path))
    }
}
