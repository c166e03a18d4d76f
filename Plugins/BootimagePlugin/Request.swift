/// What the command line asks for.
struct Request {
    /// A command of `bootimage` that takes kernels.
    enum Verb: String, CaseIterable {
        case build
        case run
        case test
    }

    let verb: Verb
    /// The products to build; never empty.
    let products: [String]
    /// What each of them is built for; never empty.
    let architectures: [Architecture]
    /// What goes to `bootimage` after the kernels.
    let arguments: [String]

    /// Reads the command line of a package with these executable products.
    ///
    /// Products come first. Where none is named, `test` takes all whose names end in `Tests`; the
    /// others take the one that is no test.
    init(_ line: [String], products all: [String]) throws {
        guard let verb = line.first.flatMap(Verb.init(rawValue:)) else {
            throw PluginError(
                "swift package bootimage: the first argument is build, run or test, not "
                    + "“\(line.first ?? "")”")
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
                "no executable product is called “\(unknown)”; there are: "
                    + all.joined(separator: ", "))
        }
        if products.isEmpty {
            throw PluginError(
                verb == .test
                    ? "the package has no executable product whose name ends in “Tests”"
                    : "the package has no executable product that is a kernel")
        }
        if products.count > 1 && verb != .test {
            throw PluginError(
                "\(verb) takes one product; name one of: \(products.joined(separator: ", "))")
        }
        if architectures.count > 1 && verb == .run {
            throw PluginError("run takes one architecture")
        }
    }
}

/// One line for the user.
struct PluginError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
