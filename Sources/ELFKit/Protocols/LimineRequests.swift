/// Everything that a kernel asks of the Limine boot protocol: markers, base revision and requests.
///
/// Only what is between the last start marker and the next end marker counts, if there are any.
public struct LimineRequests: Equatable, Sendable {
    /// A structure that a loader searches for, in the file bytes of a segment.
    public struct Place: Equatable, Sendable {
        /// The offset in the file, in bytes.
        public let offset: UInt64
        /// The link address; a multiple of 8.
        public let address: UInt64
    }

    /// A tag with the number of the protocol's version that the kernel expects.
    public struct BaseRevision: Equatable, Sendable {
        /// Where the tag is.
        public let place: Place
        /// The number, 0 or more.
        public let number: UInt64
    }

    /// A request of a feature.
    public struct Request: Equatable, Sendable {
        /// Where the request is.
        public let place: Place
        /// The feature; `nil` if it is unknown.
        public let feature: LimineFeature?
        /// The third and fourth word of the identifier.
        public let identifier: [UInt64]
        /// The request's revision.
        public let revision: UInt64
        /// The request's own fields, by their names in the specification.
        public let fields: [Field]
    }

    /// A field of a request.
    public struct Field: Equatable, Sendable {
        /// The name in the specification.
        public let name: String
        /// The value before relocation.
        public let value: UInt64
    }

    /// The start markers, by ascending address.
    public private(set) var startMarkers: [Place] = []
    /// The end markers, by ascending address.
    public private(set) var endMarkers: [Place] = []
    /// The base revisions that count; a kernel has at most one.
    public private(set) var baseRevisions: [BaseRevision] = []
    /// The requests that count, by ascending address.
    public private(set) var requests: [Request] = []
    /// The requests and tags that are outside of the markers or cut off, which no loader sees.
    public private(set) var outside: [Place] = []
    /// What is not at a multiple of 8, so that no loader sees it.
    public let misaligned: [Place]
    /// The section `.limine_reqs` of base revision 0; the offset in the file, in bytes.
    public package(set) var sectionOffset: UInt64?

    /// The offset of the first request in the file, in bytes.
    var firstOffset: UInt64? { requests.first?.place.offset ?? outside.first?.offset }

    /// The base revision that the kernel expects: 0 without a tag.
    public var baseRevision: UInt64 { baseRevisions.first?.number ?? 0 }

    /// The base revisions that the loader supports.
    package static let baseRevisions: ClosedRange<UInt64> = 0...6

    /// Keeps what is between the markers, of structures with ascending addresses.
    init(_ found: [LimineStructure], misaligned: [Place]) {
        self.misaligned = misaligned
        startMarkers = found.filter { $0.kind == .startMarker }.map(\.place)
        endMarkers = found.filter { $0.kind == .endMarker }.map(\.place)
        let start = startMarkers.last?.address ?? 0
        let end = endMarkers.first { $0.address >= start }?.address ?? .max
        for structure in found {
            let counts = start <= structure.place.address && structure.place.address < end
            switch structure.kind {
            case .startMarker, .endMarker: continue
            case .baseRevision where counts:
                baseRevisions.append(
                    BaseRevision(place: structure.place, number: structure.words[2]))
            case .request where counts && structure.words.count >= 6:
                requests.append(Request(structure))
            case .baseRevision, .request: outside.append(structure.place)
            }
        }
    }
}

extension LimineRequests.Request {
    /// The feature's name, or the words that identify an unknown one.
    package var name: String {
        feature?.rawValue ?? "unknown (\(identifier.map(hex).joined(separator: " ")))"
    }

    fileprivate init(_ structure: LimineStructure) {
        let words = structure.words
        identifier = Array(words[2..<4])
        (place, revision) = (structure.place, words[4])
        feature = LimineFeature.allCases.first { [identifier] in $0.identifier == identifier }
        let names = feature?.fields(atRevision: revision) ?? []
        fields = zip(names, words.dropFirst(6)).map { .init(name: $0, value: $1) }
    }
}

/// A structure that Limine searches for, by its first words.
struct LimineStructure: Equatable {
    enum Kind: CaseIterable {
        case startMarker, endMarker, baseRevision, request

        /// The words that it starts with.
        var magic: [UInt64] {
            switch self {
            case .startMarker:
                [
                    0xf6b8_f4b3_9de7_d1ae, 0xfab9_1a69_40fc_b9cf, 0x785c_6ed0_15d3_e316,
                    0x181e_920a_7852_b9d9,
                ]
            case .endMarker: [0xadc0_e053_1bb1_0d03, 0x9572_709f_3176_4c62]
            case .baseRevision: [0xf956_2b2d_5c95_a6c8, 0x6a7b_3849_4453_6bdc]
            case .request: [0xc7b1_dd30_df4c_8b88, 0x0a82_e883_a194_f07b]
            }
        }

        /// The least number of words; a request that is cut off still asks for the protocol.
        fileprivate var wordCount: Int { self == .baseRevision ? 3 : magic.count }
    }

    /// The maximum number of words that are read: a request with three fields of its own.
    static let wordLimit = 9
    /// The maximum number of structures that are read of one file.
    static let limit = 1024

    let kind: Kind
    let place: LimineRequests.Place
    /// At least as many as the kind needs.
    let words: [UInt64]

    /// The structure with these words; `nil` if they are none, or cut off.
    init?(_ words: [UInt64], at place: LimineRequests.Place) {
        let kind = Kind.allCases.first { words.starts(with: $0.magic) }
        guard let kind, words.count >= kind.wordCount else { return nil }
        (self.kind, self.place, self.words) = (kind, place, words)
    }

    private static let firstWords = Kind.allCases.map(\.magic[0])
    private static let firstHalves = firstWords.map {
        SIMD16<UInt32>(repeating: UInt32(truncatingIfNeeded: $0))
    }

    /// Returns the first multiple of 4, from `offset` on, at which bytes may start a structure.
    static func next(in bytes: RawSpan, from offset: Int) -> Int? {
        var offset = offset
        while offset + 8 <= bytes.byteCount {
            // Compares 64 bytes at once: a word at a time takes three times as many instructions.
            if offset + 64 <= bytes.byteCount {
                let found = bytes.unsafeLoadUnaligned(
                    fromByteOffset: offset, as: SIMD16<UInt32>.self)
                let matches =
                    (found .== firstHalves[0]) .| (found .== firstHalves[1])
                    .| (found .== firstHalves[2]) .| (found .== firstHalves[3])
                if !any(matches) {
                    offset += 64
                    continue
                }
            }
            if firstWords.contains(bytes.littleEndian(at: offset)) { return offset }
            offset += 4
        }
        return nil
    }
}
