package import SystemPackage

import Libc

/// The process's environment variables.
package enum Environment {
    /// How a child's environment differs from this process's.
    package struct Changes: Equatable, Sendable {
        /// Added as `NAME=value`, unless this process sets the variable itself.
        package var defaults: [String]
        /// The names of variables that the child does not inherit.
        package var withheld: [String]

        package init(defaults: [String] = [], withheld: [String] = []) {
            (self.defaults, self.withheld) = (defaults, withheld)
        }
    }

    package static subscript(name: String) -> String? {
        getenv(name).map { String(platformPath: $0) }
    }

    /// Returns the first program of that name on PATH.
    package static func findProgram(_ name: String) -> FilePath? {
        for folder in (Self["PATH"] ?? "").split(separator: ":") {
            let candidate = FilePath(text: String(folder)).appending(text: name)
            if candidate.withPlatformString({ access($0, X_OK) }) == 0 { return candidate }
        }
        return nil
    }

    /// Calls `body` with a child's environment, as `execve` takes it.
    static func withPointers<Result>(
        _ changes: Changes, _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let inherited = sequence(first: environ) { $0 + 1 }.lazy.map(\.pointee)
            .prefix { $0 != nil }.filter { pointer in
                guard let pointer else { return false }
                return !changes.withheld.contains {
                    strncmp(pointer, $0 + "=", $0.utf8.count + 1) == 0
                }
            }
        let added = changes.defaults.filter { Self[String($0.prefix { $0 != "=" })] == nil }
            .map { strdup($0) }
        defer { added.forEach { free($0) } }
        return body(inherited + added + [nil])
    }
}
