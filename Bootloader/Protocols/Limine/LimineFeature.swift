import CLimine

/// What a kernel can request.
struct LimineFeature {
    static let count = Int(LIMINE_FEATURE_COUNT.rawValue)

    let index: Int

    init(_ feature: limine_feature) { index = Int(feature.rawValue) }

    /// The feature of a request's identifier; nil for one that the loader does not know.
    init?(of request: PhysicalMemory) {
        let feature = limine_feature_of(
            request.load(UInt64.self, at: 16), request.load(UInt64.self, at: 24))
        guard feature < LIMINE_FEATURE_COUNT.rawValue else { return nil }
        index = Int(feature)
    }
}
