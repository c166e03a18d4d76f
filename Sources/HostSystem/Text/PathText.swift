package import SystemPackage

import Libc

/// File names in text, without loss: a name may have any bytes, and a string only Unicode scalars.
///
/// In a string, a byte that is not UTF-8 is a private-use scalar, U+10FF80 to U+10FFFF. The bytes
/// of such a scalar in a name are replaced as well, so each string stands for one name. Whatever
/// makes a path or a program's argument from a string takes ``pathBytes``; messages and JSON have
/// `\xNN`.
extension String {
    /// The text for a name's or an argument's bytes.
    package init(pathBytes bytes: some Collection<UInt8>) {
        if let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: \.isPathByte)
        {
            self = text
            return
        }
        self.init()
        var rest = Array(bytes)[...]
        while let first = rest.first {
            let scalar = (1...4).lazy.filter { $0 <= rest.count }
                .compactMap { String(validating: rest.prefix($0), as: UTF8.self) }.first
            if let scalar, !scalar.unicodeScalars.contains(where: \.isPathByte) {
                self += scalar
                rest = rest.dropFirst(scalar.utf8.count)
            } else {
                unicodeScalars.append(Unicode.Scalar(pathByte: first))
                rest = rest.dropFirst()
            }
        }
    }

    /// The bytes that the text stands for.
    package var pathBytes: [UInt8] {
        guard unicodeScalars.contains(where: \.isPathByte) else { return Array(utf8) }
        return unicodeScalars.flatMap { scalar in
            scalar.pathByte.map { [$0] } ?? Array(String(scalar).utf8)
        }
    }

    /// The text with `\xNN` for each byte that is not UTF-8.
    package var showingPathBytes: String {
        guard unicodeScalars.contains(where: \.isPathByte) else { return self }
        return unicodeScalars.map { $0.shownPathByte ?? String($0) }.joined()
    }
}

extension Unicode.Scalar {
    private static let firstPathByte: UInt32 = 0x10FF80

    fileprivate init(pathByte byte: UInt8) {
        self = Unicode.Scalar(Self.firstPathByte + UInt32(byte & 0x7F)) ?? "\u{FFFD}"
    }

    /// The byte that the scalar stands for, from 0x80 on.
    fileprivate var pathByte: UInt8? {
        value < Self.firstPathByte ? nil : UInt8(value - Self.firstPathByte) | 0x80
    }

    /// Whether it stands for a byte that is not UTF-8.
    package var isPathByte: Bool { pathByte != nil }

    /// The byte that it stands for, as `\xNN`.
    package var shownPathByte: String? {
        pathByte.map { "\\x" + String($0, radix: 16, uppercase: true) }
    }
}

extension FilePath {
    /// The path that a text stands for.
    package init(text: String) {
        guard text.unicodeScalars.contains(where: \.isPathByte) else {
            self.init(text)
            return
        }
        self.init(platformString: text.pathBytes.map { CChar(bitPattern: $0) } + [0])
    }

    /// The path as text; unlike `string`, it keeps bytes that are not UTF-8.
    package var text: String { withPlatformString { String(platformPath: $0) } }

    /// The last component as text without its extension; the whole path if there is none.
    package var stemText: String { lastComponent?.stemText ?? text }

    /// The path of a name in this folder.
    package func appending(text: String) -> FilePath { pushing(FilePath(text: text)) }
}

extension FilePath.Component {
    /// The name as text.
    package var text: String { withPlatformString { String(platformPath: $0) } }

    /// The name as text without its extension.
    package var stemText: String {
        guard let dot = text.unicodeScalars.lastIndex(of: "."), self.extension != nil else {
            return text
        }
        return String(text.unicodeScalars[..<dot])
    }
}

extension String {
    init(platformPath path: UnsafePointer<CInterop.PlatformChar>) {
        let bytes = UnsafeBufferPointer(start: path, count: strlen(path))
        self.init(pathBytes: bytes.lazy.map { UInt8(bitPattern: $0) })
    }
}

extension CommandLine {
    /// The arguments, the program's name first; unlike `arguments`, they keep bytes that are not
    /// UTF-8.
    package static var texts: [String] {
        UnsafeBufferPointer(start: unsafeArgv, count: Int(argc)).compactMap { argument in
            argument.map { String(platformPath: $0) }
        }
    }
}

extension DefaultStringInterpolation {
    /// Inserts a path's text instead of its description, which loses bytes that are not UTF-8.
    package mutating func appendInterpolation(_ path: FilePath) { appendLiteral(path.text) }
}
