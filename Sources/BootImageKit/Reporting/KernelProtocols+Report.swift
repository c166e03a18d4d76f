package import ELFKit
import HostSystem

extension KernelProtocols {
    /// The JSON of `bootimage inspect`: the protocol, what asks for it, and what it is asked.
    var report: JSONObject {
        [
            "selected": selected.rawValue,
            "evidence": evidence.map { found -> JSONObject in
                [
                    "protocol": found.kind.rawValue, "kind": found.kind.evidence,
                    "offset": Number.hex(found.offset),
                ]
            },
            "limine": limine?.report, "multiboot2": multiboot2?.report,
            "multiboot": multiboot?.report, "image": image?.report,
        ]
    }
}

extension LimineRequests {
    fileprivate var report: JSONObject {
        [
            "base_revision": baseRevision,
            "start_markers": startMarkers.map(\.report), "end_markers": endMarkers.map(\.report),
            "requests": requests.map(\.report), "outside": outside.map(\.report),
            "misaligned": misaligned.map(\.report),
            "section_offset": sectionOffset.map(Number.hex),
        ]
    }
}

extension LimineRequests.Place {
    fileprivate var report: JSONObject {
        ["offset": Number.hex(offset), "address": Number.hex(address)]
    }
}

extension LimineRequests.Request {
    fileprivate var report: JSONObject {
        [
            "feature": feature?.rawValue, "identifier": identifier.map(Number.hex),
            "revision": revision, "offset": Number.hex(place.offset),
            "address": Number.hex(place.address),
            "fields": JSONObject(fields.map { ($0.name, Number.hex($0.value)) }),
        ]
    }
}

extension Multiboot2Header {
    fileprivate var report: JSONObject {
        [
            "offset": Number.hex(offset), "architecture": architecture, "size": byteCount,
            "terminated": isTerminated,
            "tags": tags.map { tag -> JSONObject in
                [
                    "type": tag.type, "name": tag.kind?.name, "required": tag.isRequired,
                    "size": tag.byteCount, "words": tag.words,
                ]
            },
        ]
    }
}

extension Multiboot2Header.Kind {
    /// The name in the specification.
    package var name: String {
        switch self {
        case .informationRequest: "information request"
        case .addresses: "address"
        case .entry: "entry address"
        case .console: "console flags"
        case .framebuffer: "framebuffer"
        case .moduleAlignment: "module alignment"
        case .bootServices: "EFI boot services"
        case .efi32Entry: "EFI i386 entry address"
        case .efi64Entry: "EFI amd64 entry address"
        case .relocatable: "relocatable header"
        }
    }

    /// The names of the words of a tag; none for a list of numbers.
    package var fields: [String] {
        switch self {
        case .informationRequest, .moduleAlignment, .bootServices: []
        case .addresses: ["header_addr", "load_addr", "load_end_addr", "bss_end_addr"]
        case .entry, .efi32Entry, .efi64Entry: ["entry_addr"]
        case .console: ["console_flags"]
        case .framebuffer: ["width", "height", "depth"]
        case .relocatable: ["min_addr", "max_addr", "align", "preference"]
        }
    }
}

extension MultibootHeader {
    /// The fields of the header that its flags make valid, by their names in the specification.
    package var fields: [(name: String, value: UInt32)] {
        var fields: [(String, UInt32)] = []
        if let addresses, let entry {
            fields += [
                ("header_addr", addresses.header), ("load_addr", addresses.load),
                ("load_end_addr", addresses.loadEnd), ("bss_end_addr", addresses.zeroEnd),
                ("entry_addr", entry),
            ]
        }
        if let videoMode {
            fields += [
                ("mode_type", videoMode.type), ("width", videoMode.width),
                ("height", videoMode.height), ("depth", videoMode.depth),
            ]
        }
        return fields
    }

    fileprivate var report: JSONObject {
        [
            "offset": Number.hex(offset), "flags": Number.hex(UInt64(flags)),
            "fields": JSONObject(fields.map { ($0.name, $0.value) }),
        ]
    }
}

extension ImageHeader {
    /// The fields by their names in Linux's documentation.
    package var fields: [(name: String, value: UInt64)] {
        [("text_offset", textOffset), ("image_size", imageByteCount), ("flags", flags)]
    }

    fileprivate var report: JSONObject {
        JSONObject(fields.map { ($0.name, Number.hex($0.value)) })
    }
}
