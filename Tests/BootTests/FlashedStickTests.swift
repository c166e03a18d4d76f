import Foundation
import SystemPackage
import TestSupport
import Testing

/// A USB stick that is longer than the image which `bootimage flash` has written to it.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"), .needsLoopDevices)
struct FlashedStickTests {
    /// An image and a firmware that starts it.
    enum Stick: String, CaseIterable {
        case bios, uefi, hybridOnBIOS, hybridOnUEFI

        fileprivate var kind: String { rawValue.hasPrefix("hybrid") ? "hybrid" : rawValue }

        fileprivate var firmware: Firmware {
            switch self {
            case .bios, .hybridOnBIOS: .bios
            case .uefi, .hybridOnUEFI: .uefi
            }
        }
    }

    @Test(arguments: Stick.allCases)
    func `a flashed stick boots`(_ stick: Stick) async throws {
        let kernel = SampleKernel(source: "hello.S", shape: .positionIndependent)
        let machine = MachineTests.Hardware(
            "USB stick", "-machine q35 -device qemu-xhci -device usb-storage,drive=disk")
        try await Self.withStick(stick, kernel) { device in
            let result = try await machine.boot(device.file, on: stick.firmware)
            result.expect("Hello from assembly!\n")
            result.expectSuccess()
            if stick == .bios {
                try await boot(device.path, on: .bios).expectSuccess()
            }
        }
    }

    @Test(arguments: [Stick.hybridOnBIOS, .hybridOnUEFI], ProtocolKernel.allCases)
    func `a flashed stick boots kernels of other protocols`(
        _ stick: Stick, _ kernel: ProtocolKernel
    ) async throws {
        try await Self.withStick(
            stick, kernel.kernel, options: { try ProtocolKernel.parameters(in: $0) }
        ) { device in
            let result = try await boot(device.path, on: stick.firmware)
            kernel.expectParameters(try KernelLines(result))
        }
    }

    /// Builds an image and writes it to a stick, which `body` boots.
    private static func withStick(
        _ stick: Stick, _ kernel: SampleKernel,
        options: (_ folder: FilePath) throws -> [String] = { _ in [] },
        _ body: (LoopDevice) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let image = folder.appending("image").string
            try await Project.bootimage.succeed(
                ["build", kernel.build(in: folder).string, "--firmware", stick.kind, "-o", image]
                    + options(folder))
            try await LoopDevice.with(byteCount: 60 << 20, in: folder) { device in
                try await Project.bootimage.succeed([
                    "flash", image, device.path.string, "--allow-fixed-disk", "--yes",
                    device.file.string,
                ])
                try await body(device)
            }
        }
    }
}
