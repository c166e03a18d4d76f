/// The parsed command line.
struct Request {
    /// A command of `bootimage` that accepts kernels.
    enum Verb: String, CaseIterable {
        case build
        case run
        case test
    }

    let verb: Verb
    /// The products to build; never empty.
    let products: [String]
    /// The architectures to build each product for; never empty.
    let architectures: [Architecture]
    /// The arguments to `bootimage` after the kernels.
    let arguments: [String]

    /// Parses the command line for a package with these executable products.
    ///
    /// Products come first. By default, `test` uses all products whose names end in `Tests`, and
    /// the other commands the only one that does not.
    init(_ line: [String], products all: [String]) throws {
        guard let verb = line.first.flatMap(Verb.init(rawValue:)) else {
            throw PluginError(
                "swift package bootimage: unknown command “\(line.first ?? "")”; specify build, "
                    + "run or test")
        }
        self.verb = verb
        let named = line.dropFirst().prefix { !$0.hasPrefix("-") }
        var arguments = Array(line.dropFirst(1 + named.count))
        architectures = try Architecture.take(from: &arguments)
        self.arguments = arguments
        let tests = all.filter { $0.hasSuffix("Tests") }
        let choice = verb == .test ? tests : all.filter { !tests.contains($0) }
        products = named.isEmpty ? choice : Array(named)
        if let unknown = named.first(where: { !all.contains($0) }) {
            throw PluginError(
                "\(unknown): unknown executable product; specify one of: "
                    + all.joined(separator: ", "))
        }
        if products.isEmpty {
            throw PluginError(
                verb == .test
                    ? "test requires an executable product whose name ends in “Tests”"
                    : "\(verb) requires an executable product whose name does not end in “Tests”")
        }
        if products.count > 1 && verb != .test {
            throw PluginError(
                "\(verb) requires exactly one product; specify one of: "
                    + products.joined(separator: ", "))
        }
        if architectures.count > 1 && verb == .run {
            throw PluginError("run: --architecture may be specified only once")
        }
    }
}

/// An error with a message of one line.
struct PluginError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
