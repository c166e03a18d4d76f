/// A SHA-256 digest (FIPS 180-4, section 6.2), for the UEFI loaders and the tool.
///
/// It is about as fast as sha256sum(1) without the processor's SHA instructions. A library that
/// uses these is five times as fast, but would make the tool start too slowly.
package struct SHA256 {
    /// The bytes that ``take(_:)`` processes at once.
    package static let blockByteCount = 64

    /// The digest so far: 32 bytes as big-endian words, the first word first.
    package private(set) var words: [8 of UInt32] = [
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
        0x5BE0_CD19,
    ]

    /// The digest of a message of which nothing is known yet.
    package init() {}

    /// Digests a whole message.
    package init(of message: UnsafeRawBufferPointer) {
        let rest = message.count % Self.blockByteCount
        take(UnsafeRawBufferPointer(rebasing: message[..<(message.count - rest)]))
        finish(
            UnsafeRawBufferPointer(rebasing: message[(message.count - rest)...]),
            byteCount: UInt64(message.count))
    }

    /// Takes the bytes after the last whole block, and pads the message, which has `byteCount`
    /// bytes in total (section 5.1.1).
    package mutating func finish(_ rest: UnsafeRawBufferPointer, byteCount: UInt64) {
        // A one bit, zeros and the length in bits fill one more block, or two.
        var end = [128 of UInt8](repeating: 0)
        for index in rest.indices { end[index] = rest[index] }
        end[rest.count] = 0x80
        let endByteCount = rest.count < Self.blockByteCount - 8 ? 64 : 128
        let bitCount = byteCount * 8
        for index in 0..<8 {
            end[endByteCount - 1 - index] = UInt8(truncatingIfNeeded: bitCount >> (8 * index))
        }
        withUnsafeBytes(of: &end) { take(UnsafeRawBufferPointer(rebasing: $0[..<endByteCount])) }
    }

    /// Takes the next blocks of the message, all of them whole.
    @inline(never)
    package mutating func take(_ blocks: UnsafeRawBufferPointer) {
        // The array would be built anew for each access: this copies it to memory once.
        withUnsafeBytes(of: Self.constants) { constants in
            for start in stride(from: 0, to: blocks.count, by: Self.blockByteCount) {
                take(block: blocks, from: start, constants.bindMemory(to: UInt32.self))
            }
        }
    }

    /// Takes one block; every index into the fixed arrays is in range, so none is checked.
    @inline(__always)
    private mutating func take(
        block: UnsafeRawBufferPointer, from start: Int, _ constants: UnsafeBufferPointer<UInt32>
    ) {
        var schedule = [64 of UInt32](repeating: 0)
        for index in 0..<16 {
            let word = block.loadUnaligned(fromByteOffset: start &+ 4 &* index, as: UInt32.self)
            schedule[unchecked: index] = UInt32(bigEndian: word)
        }
        for index in 16..<64 {
            schedule[unchecked: index] =
                (schedule[unchecked: index &- 16]
                    &+ Self.mix(schedule[unchecked: index &- 15], 7, 18, shift: 3))
                &+ (schedule[unchecked: index &- 7]
                    &+ Self.mix(schedule[unchecked: index &- 2], 17, 19, shift: 10))
        }
        var (a, b, c, d) = (words[0], words[1], words[2], words[3])
        var (e, f, g, h) = (words[4], words[5], words[6], words[7])
        // Eight rounds at a time: then each variable is back in its place, and none is copied.
        for index in stride(from: 0, to: 64, by: 8) {
            func word(_ round: Int) -> UInt32 {
                constants[index &+ round] &+ schedule[unchecked: index &+ round]
            }
            Self.round(a, b, c, &d, e, f, g, &h, word(0))
            Self.round(h, a, b, &c, d, e, f, &g, word(1))
            Self.round(g, h, a, &b, c, d, e, &f, word(2))
            Self.round(f, g, h, &a, b, c, d, &e, word(3))
            Self.round(e, f, g, &h, a, b, c, &d, word(4))
            Self.round(d, e, f, &g, h, a, b, &c, word(5))
            Self.round(c, d, e, &f, g, h, a, &b, word(6))
            Self.round(b, c, d, &e, f, g, h, &a, word(7))
        }
        words[0] &+= a
        words[1] &+= b
        words[2] &+= c
        words[3] &+= d
        words[4] &+= e
        words[5] &+= f
        words[6] &+= g
        words[7] &+= h
    }

    @inline(__always)
    private static func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
        _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ word: UInt32
    ) {
        h &+= (e.rotated(6) ^ e.rotated(11) ^ e.rotated(25)) &+ ((((f ^ g) & e) ^ g) &+ word)
        d &+= h
        h &+= (a.rotated(2) ^ a.rotated(13) ^ a.rotated(22)) &+ (((a | b) & c) | (a & b))
    }

    @inline(__always)
    private static func mix(
        _ word: UInt32, _ first: UInt32, _ second: UInt32, shift: UInt32
    ) -> UInt32 {
        word.rotated(first) ^ word.rotated(second) ^ (word >> shift)
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (section
    /// 4.2.2).
    private static var constants: [64 of UInt32] {
        [
            0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1,
            0x923F_82A4, 0xAB1C_5ED5, 0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3,
            0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174, 0xE49B_69C1, 0xEFBE_4786,
            0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
            0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147,
            0x06CA_6351, 0x1429_2967, 0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13,
            0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85, 0xA2BF_E8A1, 0xA81A_664B,
            0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
            0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A,
            0x5B9C_CA4F, 0x682E_6FF3, 0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208,
            0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
        ]
    }
}

extension UInt32 {
    /// The word rotated right by `count` bits.
    @inline(__always)
    fileprivate func rotated(_ count: UInt32) -> UInt32 {
        (self &>> count) | (self &<< (32 &- count))
    }
}
