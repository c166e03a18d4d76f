extension Compression: NamedChoice {}
