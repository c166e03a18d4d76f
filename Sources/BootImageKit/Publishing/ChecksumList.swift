/// The lines of a file that `sha256sum --check` reads (GNU coreutils manual, "md5sum invocation").
struct ChecksumList {
    private(set) var text = ""

    /// Adds a file.
    mutating func add(_ name: String, sha256: String) {
        let escapes: [Unicode.Scalar: String] = ["\\": "\\\\", "\n": "\\n", "\r": "\\r"]
        let escaped = name.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
        text += (escaped == name ? "" : "\\") + "\(sha256)  \(escaped)\n"
    }
}
