import ELFKit

extension Architecture: NamedChoice {}
