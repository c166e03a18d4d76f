import BootImageKit
import ELFKit
import HostSystem

extension KernelProtocols {
    /// The boot protocol, what asks for it, and everything that the kernel asks of it.
    var sections: [[String]] {
        let rows = evidence.map { found in
            [
                found.kind.bootProtocol == selected ? "selected" : "ignored", found.text,
                "at \(Number.hex(found.offset))",
            ]
        }
        return [["boot protocol: \(selected.name)"] + TextTable.lines(rows)] + requests
    }

    private var requests: [[String]] {
        switch selected {
        case .limine: limine.map { [$0.table] } ?? []
        case .multiboot2: multiboot2.map { [$0.table] } ?? []
        case .multiboot: multiboot.map { [$0.table] } ?? []
        case .arm64Image: image.map { [$0.table] } ?? []
        case .bootloader, .plain: []
        }
    }
}

extension LimineRequests {
    fileprivate var table: [String] {
        let head = ["offset", "address", "request", "revision", "fields"]
        let rows = requests.map { request in
            [
                Number.hex(request.place.offset), Number.hex(request.place.address), request.name,
                "\(request.revision)",
                request.fields.map { "\($0.name) \(Number.hex($0.value))" }
                    .joined(separator: ", "),
            ]
        }
        return ["Limine requests, base revision \(baseRevision)"] + TextTable.lines([head] + rows)
    }
}

extension Multiboot2Header {
    fileprivate var table: [String] {
        let rows = tags.map { tag in
            [
                "\(tag.type)", tag.kind?.name ?? "unknown",
                tag.isRequired ? "required" : "optional", tag.text,
            ]
        }
        return ["Multiboot2 tags"] + TextTable.lines([["type", "tag", "", "fields"]] + rows)
    }
}

extension Multiboot2Header.Tag {
    /// The words with their names, or a list of numbers.
    fileprivate var text: String {
        guard let names = kind?.fields, !names.isEmpty else {
            return words.map { "\($0)" }.joined(separator: ", ")
        }
        return zip(names, words).map { "\($0) \(Number.hex(UInt64($1)))" }.joined(separator: ", ")
    }
}

extension MultibootHeader {
    fileprivate var table: [String] {
        let rows = [("flags", flags)] + fields.map { ($0.name, $0.value) }
        return ["Multiboot header"]
            + TextTable.lines(rows.map { [$0.0, Number.hex(UInt64($0.1))] })
    }
}

extension ImageHeader {
    fileprivate var table: [String] {
        let rows = fields.map { [$0.name, Number.hex($0.value)] }
        return ["Image header"] + TextTable.lines(rows)
    }
}
