import BootImageKit
import DiskImage
import ELFKit
import HostSystem

extension Inspection {
    /// The inspection for people: verdict, findings, boot protocol, segments, sizes, kernel
    /// configuration.
    var text: String {
        let verdict = "\(file): \(isLoadable ? "loadable" : "not loadable")"
        let lines = findings.map { "  \($0.rule.severity.rawValue): \($0) [\($0.rule)]" }
        let isFound = !segments.isEmpty || isLoadable
        return TextTable.sections(
            [[verdict] + lines] + (isFound ? protocols.sections : [])
                + [segmentTable, sizes, configurationTable, requestList])
    }

    private var segmentTable: [String] {
        if segments.isEmpty { return [] }
        let head = ["", "type", "offset", "addresses", "in file", "in memory", "flags", "align"]
        let rows = segments.map { segment in
            [
                "\(segment.index)", "\(segment.type)", Number.hex(segment.fileOffset),
                segment.addressText, Number.hex(segment.fileByteCount),
                Number.hex(segment.memoryByteCount), segment.flagText,
                Number.hex(segment.alignment),
            ]
        }
        return ["segments"]
            + TextTable.lines([head] + rows)
    }

    private var sizes: [String] {
        if segments.isEmpty { return [] }
        var rows = [("file", fileByteCount)]
        if let kernel {
            rows.append(("loaded from the file", kernel.loadedFileRange.upperBound))
            rows.append(("in memory", kernel.segments.reduce(0) { $0 &+ $1.memoryByteCount }))
        }
        rows.append(("debug information", debugByteCount))
        return ["sizes"] + TextTable.lines(rows.map { [$0.0, "\($0.1) bytes"] })
    }

    private var configurationTable: [String] {
        let title = "kernel configuration (.bootloader-config)"
        if let configuration {
            return [title] + TextTable.lines(configuration.properties.map { [$0.name, $0.text] })
        }
        return isLoadable && protocols.selected == .plain
            ? [title, "  none; the defaults apply"] : []
    }

    private var requestList: [String] {
        guard let requests = kernel?.requests, !requests.isEmpty else { return [] }
        return ["requests (.bootimage-requests)"] + requests.names.map { "  \($0)" }
    }
}

extension ProgramHeader {
    /// The first and the last address; “…” for one beyond 2⁶⁴.
    fileprivate var addressText: String {
        if memoryByteCount == 0 { return Number.hex(virtualAddress) }
        let (last, overflows) = virtualAddress.addingReportingOverflow(memoryByteCount - 1)
        return Number.hex(virtualAddress) + "–" + (overflows ? "…" : Number.hex(last))
    }
}

extension ImageReport {
    /// The verification for people: verdict, findings, signatures, contents.
    var text: String {
        let verdict = "\(image): \(verification.isSound ? "sound" : "not sound")"
        let findings = verification.findings.map {
            "  \($0.rule.severity.rawValue): \($0) [\($0.rule)]"
        }
        return TextTable.sections([[verdict] + findings, signatureTable, contents])
    }

    private var signatureTable: [String] {
        if signatures.allSatisfy({ $0.state == .unsigned }) { return [] }
        return ["UEFI loaders"]
            + TextTable.lines(signatures.map { [$0.loader, $0.text] })
    }

    private var contents: [String] {
        guard let kind = verification.kind else { return [] }
        let rows = verification.parts.map { part in
            [Number.hex(part.offset), "\(part.byteCount)", part.name]
        }
        return [kind] + TextTable.lines([["offset", "bytes", "content"]] + rows)
    }
}

extension LoaderSignature {
    fileprivate var text: String {
        let signed =
            "signed" + (signer.map { " by “\($0)”" } ?? "")
            + (buildNumber.map { ", build \($0)" } ?? "")
        return switch state {
        case .unsigned: "not signed"
        case .unverified: "\(signed), not verified against a certificate"
        case .verified(let certificate): "\(signed), verified by \(certificate)"
        case .otherSigner: "\(signed), which no --cert covers"
        case .invalid: "\(signed), invalid"
        case .unchecked: "signature not checked"
        }
    }
}
