import Foundation
import SystemPackage
import Testing

@testable import GuestKit
@testable import HostSystem

/// Which firmware descriptors fit a plain boot, and which Secure Boot.
struct FirmwareDescriptorTests {
    /// A replacement in a descriptor that fits.
    struct Change: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var old: String
        var new: String
    }

    static let refused = [
        Change(testDescription: "BIOS", old: #"["uefi"]"#, new: #"["bios"]"#),
        Change(testDescription: "enrolled keys", old: "acpi-s3", new: "enrolled-keys"),
        Change(testDescription: "needs SMM", old: "acpi-s3", new: "requires-smm"),
        Change(testDescription: "another architecture", old: "x86_64", new: "aarch64"),
        Change(testDescription: "another machine", old: "pc-q35-*", new: "microvm"),
        Change(testDescription: "not in flash", old: #""flash""#, new: #""memory""#),
        Change(
            testDescription: "code as qcow2", old: #"CODE.fd", "format": "raw"#,
            new: #"", "format": "qcow2"#),
        Change(testDescription: "no variables", old: "nvram-template", new: "other"),
    ]

    @Test func `plain UEFI in flash fits`() throws {
        let firmware = try Self.decode(Self.plain).firmware(for: .q35)
        #expect(firmware == UEFIFirmware(code: "/f/CODE.fd", variables: "/f/VARS.fd"))
    }

    @Test(arguments: [
        (#""verbose-static""#, true), (#""secure-boot""#, false), (#""enrolled-keys""#, false),
    ])
    func `firmware for AArch64 fits virt`(_ features: String, _ isGood: Bool) throws {
        let text = Self.plain.replacing(
            #""x86_64", "machines": ["pc-i440fx-*", "pc-q35-*"]"#,
            with: #""aarch64", "machines": ["virt-*"]"#
        )
        .replacing(#""acpi-s3""#, with: features)
        try #require(text.contains("virt-*"))
        #expect((try Self.decode(text).firmware(for: .virt) != nil) == isGood)
        #expect(try Self.decode(text).firmware(for: .q35) == nil)
        #expect(try Self.decode(Self.plain).firmware(for: .virt) == nil)
    }

    @Test(arguments: refused)
    func `firmware that does not fit a plain boot is ignored`(_ change: Change) throws {
        let text = Self.plain.replacing(change.old, with: change.new)
        try #require(text != Self.plain)
        #expect(try Self.decode(text).firmware(for: .q35) == nil)
    }

    @Test(arguments: [
        (#""secure-boot", "requires-smm""#, true, Bool?.some(false)),
        (#""secure-boot""#, true, nil), (#""requires-smm""#, true, nil),
        (#""secure-boot", "requires-smm", "enrolled-keys""#, true, true),
        (#""secure-boot""#, false, false), (#""secure-boot", "enrolled-keys""#, false, true),
        (#""secure-boot", "requires-smm""#, false, nil), (#""acpi-s3""#, false, nil),
    ])
    func `firmware for Secure Boot protects keys if the machine can`(
        _ features: String, _ isPC: Bool, _ hasKeys: Bool?
    ) throws {
        var text = Self.plain.replacing(#""acpi-s3""#, with: features)
        if !isPC {
            text = text.replacing("x86_64", with: "aarch64").replacing("pc-q35-*", with: "virt-*")
        }
        let firmware = try Self.decode(text).firmware(.secureBoot, for: isPC ? .q35 : .virt)
        #expect(firmware?.hasKeys == hasKeys)
    }

    @Test func `firmware in memory needs no executable in its mapping`() throws {
        let text = Self.plain.replacing(
            /"mapping": \{.*?\n  \}/.dotMatchesNewlines(),
            with: #""mapping": {"device": "memory", "filename": "/f/OVMF.fd"}"#)
        #expect(try Self.decode(text).firmware(for: .q35) == nil)
    }

    @Test func `a file that is not a descriptor does not decode`() {
        #expect(throws: DecodingError.self) { try Self.decode("{}") }
    }

    private static func decode(_ text: String) throws -> FirmwareDescriptor {
        try JSONDecoder().decode(FirmwareDescriptor.self, from: Data(text.utf8))
    }

    private static let plain = """
        {
          "description": "UEFI for x86_64",
          "interface-types": ["uefi"],
          "mapping": {
            "device": "flash",
            "mode": "split",
            "executable": {"filename": "/f/CODE.fd", "format": "raw"},
            "nvram-template": {"filename": "/f/VARS.fd", "format": "raw"}
          },
          "targets": [{"architecture": "x86_64", "machines": ["pc-i440fx-*", "pc-q35-*"]}],
          "features": ["acpi-s3"],
          "tags": []
        }
        """
}
