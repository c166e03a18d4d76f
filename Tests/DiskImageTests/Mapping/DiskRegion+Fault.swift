@testable import DiskImage

extension [DiskRegion] {
    /// What is wrong with regions that should contain each of these sectors once; `nil` if nothing.
    func fault(in sectors: Range<UInt64>) -> String? {
        var next = sectors.lowerBound
        for region in self {
            let (start, end) = (region.sectors.start.value, region.sectors.end.value)
            if start != next || end <= start {
                return "“\(region.name)” is \(region.sectors), not from \(next) on"
            }
            if !region.parts.isEmpty, let fault = region.parts.fault(in: start..<end) {
                return fault
            }
            next = end
        }
        return next == sectors.upperBound ? nil : "nothing from \(next) on"
    }

    /// All regions, each before its parts.
    var flattened: [DiskRegion] { flatMap { [$0] + $0.parts.flattened } }
}
