/// Which folder of a module uses which: the compiler checks this between modules only.
///
/// A folder uses another if it names what that one declares: a type, a function, or a member that
/// an extension there adds. Members count if only one folder declares that name.
struct FolderGraph {
    /// For each folder those that it uses, each with a name that shows it.
    private(set) var uses: [String: [String: String]] = [:]

    /// The folders below `module`, whose own files count as one folder more.
    ///
    /// `files` are those of every module, each read once.
    init(of module: String, _ files: [(file: SourceFile, code: SwiftCode)]) {
        let own = files.filter { $0.file.isIn(module) }
            .map { (folder: Self.folder(of: $0.file), code: $0.code) }
        var owners: [Substring: Set<String>] = [:]
        for (folder, code) in own {
            for name in code.declarations { owners[name, default: []].insert(folder) }
            for name in code.extensionMembers { owners["." + name, default: []].insert(folder) }
        }
        // A member in the body of a type, or one that another module adds, may be meant instead.
        let members = Set(
            files.flatMap { file, code in
                code.members.union(file.isIn(module) ? [] : code.extensionMembers).map { "." + $0 }
            })
        let known = owners.filter { $0.value.count == 1 && !members.contains("\($0.key)") }
        for (folder, code) in own {
            for name in code.names {
                guard let owner = known[name]?.first, owner != folder else { continue }
                let shown = uses[folder]?[owner]
                uses[folder, default: [:]][owner] = shown.map { min($0, "\(name)") } ?? "\(name)"
            }
        }
    }

    private static func folder(of file: SourceFile) -> String {
        file.path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// The arrows between folders that lie on a cycle, each as a line of text.
    var cycles: [String] {
        var rest = uses
        var count = -1
        // What uses nothing any more, or is used by nothing, lies on no cycle.
        while rest.count != count {
            count = rest.count
            let used = Set(rest.values.flatMap(\.keys))
            rest = rest.filter { used.contains($0.key) }
            rest = rest.mapValues { $0.filter { rest[$0.key] != nil } }.filter { !$0.value.isEmpty }
        }
        return rest.sorted { $0.key < $1.key }.flatMap { folder, uses in
            uses.sorted { $0.key < $1.key }.map { "\(folder) uses \($0.key) (\($0.value))" }
        }
    }
}
