import Foundation
public import SystemPackage

/// Unusual ways of linking a kernel, all found in real kernels.
public enum WildLayout: String, CaseIterable, Sendable {
    /// Segments that share pages, each with minimal permissions.
    case sharedPages
    /// `-z noseparate-code`: segments that share pages in the file.
    case noSeparateCode
    /// `-n`: no segment is page-aligned.
    case nmagic
    /// `-N`: one segment, writable and executable.
    case omagic
    /// A .bss segment of its own, with no bytes in the file.
    case bssOnlySegment
    /// A `PT_NOTE` outside every `PT_LOAD`.
    case noteOutside
    /// A single writable and executable segment, from a linker script.
    case writableCode
    /// By GNU ld.
    case gnu
    /// By GNU ld with `-z noseparate-code`: headers and code in one segment.
    case gnuNoSeparateCode
    /// By GNU ld with `-n`: one segment, writable and executable.
    case gnuNmagic
    /// By GNU ld with `-N`.
    case gnuOmagic

    /// Whether the code is writable, which gives a warning.
    public var hasWritableCode: Bool {
        [.omagic, .writableCode, .gnuNmagic, .gnuOmagic].contains(self)
    }

    /// The linker's program name.
    public var linker: String { rawValue.hasPrefix("gnu") ? "ld" : "ld.lld" }

    /// Builds Fixtures/kernels/hello.S with this layout in a folder and returns its path.
    public func build(in folder: FilePath) async throws -> FilePath {
        var options = ["-static"] + options
        if let script {
            let path = folder.appending("kernel.ld").string
            try Data(script.utf8).write(to: URL(filePath: path))
            options += ["-T", path]
        }
        return try await SampleKernel(
            source: "hello.S", shape: .oneMebibyte,
            linkage: SampleKernel.Linkage(linker, options)
        ).build(in: folder)
    }

    private var options: [String] {
        switch self {
        case .sharedPages: ["--image-base=0x100000", "-z", "max-page-size=16"]
        case .noSeparateCode: ["--image-base=0x100000", "-z", "noseparate-code"]
        case .nmagic: ["--image-base=0x100000", "-n"]
        case .omagic: ["--image-base=0x100000", "-N"]
        case .bssOnlySegment, .noteOutside, .writableCode: []
        case .gnu: ["-Ttext-segment=0x100000"]
        case .gnuNoSeparateCode: ["-Ttext-segment=0x100000", "-z", "noseparate-code"]
        case .gnuNmagic: ["-Ttext-segment=0x100000", "-n"]
        case .gnuOmagic: ["-Ttext-segment=0x100000", "-N", "--no-warn-rwx-segments"]
        }
    }

    private var script: String? {
        switch self {
        case .bssOnlySegment:
            Self.script(
                headers: "text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); bss PT_LOAD FLAGS(6);",
                zeroes: "bss")
        case .noteOutside:
            Self.script(
                headers: "text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); note PT_NOTE FLAGS(4);",
                more: ".note.wild 0x900000 : { LONG(4) LONG(0) LONG(1) LONG(0x646c6977) } :note")
        case .writableCode:
            Self.script(headers: "all PT_LOAD FLAGS(7);", code: "all", data: "all", zeroes: "all")
        default: nil
        }
    }

    private static func script(
        headers: String, code: String = "text", data: String = "data", zeroes: String = "data",
        more: String = ""
    ) -> String {
        """
        ENTRY(_start)
        PHDRS { \(headers) }
        SECTIONS {
            . = 0x100000;
            .text : { *(.text .text.* .rodata .rodata.*) } :\(code)
            . = ALIGN(4096);
            .data : { *(.data .data.* .data.rel.ro) } :\(data)
            . = ALIGN(4096);
            .bss : { *(.bss .bss.*) } :\(zeroes)
            \(more)
        }
        """
    }
}
