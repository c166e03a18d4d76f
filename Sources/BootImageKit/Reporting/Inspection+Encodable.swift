public import ELFKit
import HostSystem

/// The JSON of `bootimage inspect KERNEL`; `docs/inspect.md` describes the keys.
///
/// Addresses and offsets are strings in hexadecimal, because many readers keep numbers in 53 bits.
extension Inspection: Encodable {
    /// Encodes the report: verdict, findings, kernel, segments, sizes, kernel configuration.
    public func encode(to encoder: any Encoder) throws {
        let isELF = !findings.contains { [.elfEmpty, .elfMagic].contains($0.rule) }
        let format = kernel?.kind == .flat ? "flat" : isELF ? "elf" : nil
        let sizes: JSONObject = [
            "file": fileByteCount, "loaded": kernel?.loadedFileRange.upperBound,
            "memory": kernel?.segments.reduce(0) { $0 &+ $1.memoryByteCount },
            "debug_information": debugByteCount,
        ]
        try encoder.encode([
            "file": file, "format": format, "loadable": isLoadable,
            "findings": findings.map(\.report), "boot_protocol": protocols.report,
            "kernel": kernel?.report,
            "segments": segments.map(\.report), "sizes": sizes,
            "boot_configuration": configuration?.report,
            "boot_requests": kernel?.requests.names,
        ])
    }

    /// What the loader does with the kernel: entry point, segments, kernel configuration.
    var bootContract: JSONObject {
        [
            "kernel": kernel?.report, "segments": segments.map(\.report),
            "boot_configuration": configuration?.report,
        ]
    }
}

extension Finding {
    fileprivate var report: JSONObject {
        [
            "severity": rule.severity.rawValue, "code": rule.rawValue, "message": message,
            "place": details.place, "field": details.field, "found": details.found,
            "allowed": details.allowed, "remedy": rule.remedy,
        ]
    }
}

extension KernelELF {
    fileprivate var report: JSONObject {
        [
            "type": kind.elfName, "machine": wordSize == .bits32 ? "i386" : architecture.rawValue,
            "entry": Number.hex(entry),
        ]
    }
}

extension KernelELF.Kind {
    /// `e_type`; `nil` if the ELF header is not used, or missing.
    fileprivate var elfName: String? {
        switch self {
        case .executable: "ET_EXEC"
        case .positionIndependent: "ET_DYN"
        case .flat: nil
        }
    }
}

extension ProgramHeader {
    fileprivate var report: JSONObject {
        [
            "index": index, "type": "\(type)", "file_offset": Number.hex(fileOffset),
            "virtual_address": Number.hex(virtualAddress), "file_size": fileByteCount,
            "memory_size": memoryByteCount, "flags": flagText, "alignment": Number.hex(alignment),
        ]
    }

    /// The permissions, such as "r-x".
    package var flagText: String {
        let letters: [(UInt32, String)] = [(4, "r"), (2, "w"), (1, "x")]
        return letters.map { flags & $0.0 == 0 ? "-" : $0.1 }.joined()
    }
}

extension KernelConfiguration {
    fileprivate var report: JSONObject { JSONObject(properties.map { ($0.name, $0.value) }) }
}
