// Used by ./build: packs the BIOS loader's code from standard input to standard output, as one LZ4
// block (github.com/lz4/lz4, doc/lz4_Block_format.md), which second_part.S unpacks.

import Glibc

let smallestMatch = 4
let largestDistance = 0xFFFF
/// A block ends with literals, and no match starts close to the end.
let literalsAtEnd = 5
let noMatchStart = 12

/// An earlier run of bytes that is repeated.
typealias Match = (length: Int, distance: Int)

/// The longest match at each position; its length is 0 if there is none.
func findMatches(in bytes: [UInt8]) -> [Match] {
    var matches = [Match](repeating: (0, 0), count: bytes.count)
    var earlier: [[UInt8]: [Int]] = [:]
    for position in 0..<max(bytes.count - noMatchStart, 0) {
        let limit = bytes.count - literalsAtEnd - position
        let key = Array(bytes[position..<position + smallestMatch])
        for start in earlier[key, default: []] where position - start <= largestDistance {
            var length = smallestMatch
            while length < limit && bytes[start + length] == bytes[position + length] {
                length += 1
            }
            if length >= matches[position].length {
                matches[position] = (length, position - start)
            }
        }
        earlier[key, default: []].append(position)
    }
    return matches
}

/// The bytes that a length takes in addition to its four bits in the token.
func extraByteCount(_ length: Int) -> Int { length < 15 ? 0 : (length - 15) / 255 + 1 }

/// Chooses the length of each match, zero for a literal, so that the block is smallest.
func chooseLengths(_ matches: [Match]) -> [Int] {
    var cost = [Int](repeating: 0, count: matches.count + 1)
    var lengths = [Int](repeating: 0, count: matches.count)
    for position in matches.indices.reversed() {
        cost[position] = cost[position + 1] + 1
        for length in stride(from: smallestMatch, through: matches[position].length, by: 1) {
            let matchCost = 3 + extraByteCount(length - smallestMatch) + cost[position + length]
            if matchCost < cost[position] {
                cost[position] = matchCost
                lengths[position] = length
            }
        }
    }
    return lengths
}

func pack(_ bytes: [UInt8]) -> [UInt8] {
    let matches = findMatches(in: bytes)
    let lengths = chooseLengths(matches)
    var block: [UInt8] = []
    func append(extraOf length: Int) {
        guard length >= 15 else { return }
        block += [UInt8](repeating: 255, count: (length - 15) / 255)
        block.append(UInt8((length - 15) % 255))
    }
    func append(literals: ArraySlice<UInt8>, matchLength: Int) {
        block.append(UInt8(min(literals.count, 15) << 4 | min(matchLength, 15)))
        append(extraOf: literals.count)
        block += literals
    }
    var literalStart = 0
    for (position, length) in lengths.enumerated() where position >= literalStart && length > 0 {
        append(literals: bytes[literalStart..<position], matchLength: length - smallestMatch)
        let distance = matches[position].distance
        block += [UInt8(distance & 0xFF), UInt8(distance >> 8)]
        append(extraOf: length - smallestMatch)
        literalStart = position + length
    }
    append(literals: bytes[literalStart...], matchLength: 0)
    return block
}

var bytes: [UInt8] = []
while case let byte = getchar(), byte != EOF { bytes.append(UInt8(byte)) }
for byte in pack(bytes) { putchar(CInt(byte)) }
