import DiskImage
import ELFKit
import ELFSamples
import SystemPackage

extension Reader {
    /// Writes one file for each seed into a folder that exists.
    func writeSeeds(to folder: String) throws {
        for (index, seed) in try seeds().enumerated() {
            let file = try FileDescriptor.open(
                FilePath(folder).appending("seed-\(index)"), .writeOnly,
                options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead])
            _ = try file.closeAfter { try file.writeAll(seed) }
        }
    }

    /// The inputs that fuzzing starts from.
    private func seeds() throws -> [[UInt8]] {
        switch self {
        case .elf:
            return MutantSeed.all.map(\.file) + (0..<200).map { Mutant(number: $0).file }
                + (0..<100).map { Mutant(number: $0, of: .protocols).file }
        case .config:
            let sections = [KernelConfiguration().encoded(), MutantSeed.fullConfiguration]
            // Older kernels have a section without the last mapping.
            return sections + sections.map { Array($0.prefix(124)) }
        case .bootJSON: return Self.bootJSONSeeds.map { Array($0.utf8) }
        case .container: return Self.containerSeeds
        case .settings: return Self.settingsSeeds.map { Array($0.utf8) }
        case .signature: return SignatureSeed.all
        case .image:
            // The start of each region as a patch of its own image.
            return SoundImage.allCases.flatMap { image in
                image.layout.extents.compactMap { extent in
                    extent.content.bytes.map { bytes in
                        let place = image.layout.sectorSize.offset(of: extent.start).value
                        let digits = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: place >> $0) }
                        let patch = bytes.prefix(100)
                        return [image.rawValue] + digits + [UInt8(patch.count)] + patch
                    }
                }
            }
        }
    }

    private static let bootJSONSeeds = [
        "{}", "[]", "null", #"{"log_level": "Trace", "serial_logging": true}"#,
        #"{"frame_buffer": {"minimum_framebuffer_height": 600, "text_mode": false}}"#,
        #"{"frame_buffer": {"minimum_framebuffer_width": null}}"#,
        #"{"frame_buffer_logging": false, "_test_sentinel": 18446744073709551615}"#,
        #"{"on_failure": 255}"#, #"{"on_failure": "reboot"}"#, #"{"on_failure": -1e400}"#,
        #"{"log_level": "\u0054race"}"#, #"{"log_level": "Off", "log_level": 1, "x": [[]]}"#,
    ]

    /// A header of each format, and of a VMDK with its descriptor.
    private static let containerSeeds: [[UInt8]] = {
        let qcow2 = header([(0, Array("QFI".utf8) + [0xFB, 0, 0, 0, 3])])
        let vdi = header([(0x40, [0x7F, 0x10, 0xDA, 0xBE])])
        let vhd = header([(0, Array("conectix".utf8))])
        let vhdx = header([(0, Array("vhdxfile".utf8))])
        // Capacity, start and length of the descriptor.
        let vmdk = header([(0, Array("KDMV".utf8)), (12, [1]), (28, [2]), (36, [1])])
        let descriptor = Array("parentFileNameHint=\"a\"\nRW 1 FLAT \"b\"\n".utf8)
        return [qcow2, vdi, vhd, vhdx, vmdk, vmdk + descriptor]
    }()

    private static func header(_ fields: [(offset: Int, bytes: [UInt8])]) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 1024)
        for (offset, bytes) in fields {
            header.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        }
        return header
    }

    private static let settingsSeeds = [
        "", #"name = "n""#, "kernel = 'k'\nfirmware = \"uefi\"\nsector-size = 4096",
        "run-args = [\"-m\", '''1G''']\ntest-timeout = 0x10\nheadless = true",
        "[files]\n\"a/b\" = \"c\"\nd.e = 1", #"files = { a = "\u0041" }"#,
        "esp-fat = 1_6", "name = 1979-05-27T07:32:00Z", "[[files]]", "run-arg = [[], {}]",
        "[[partition]]\nname = \"a\"\nsize = \"1MiB\"\ntype = \"swap\"",
    ]
}

extension Content {
    /// The bytes, unless they are those of a file.
    var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
}
