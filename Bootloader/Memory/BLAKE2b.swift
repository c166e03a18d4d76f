/// A BLAKE2b digest of 64 bytes, without a key (RFC 7693).
enum BLAKE2b {
    private static let blockByteCount: UInt64 = 128

    private static let initial: [8 of UInt64] = [
        0x6A09_E667_F3BC_C908, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1,
        0x510E_527F_ADE6_82D1, 0x9B05_688C_2B3E_6C1F, 0x1F83_D9AB_FB41_BD6B, 0x5BE0_CD19_137E_2179,
    ]

    /// The order of a block's words in each round (section 2.7), the first one in the lowest four
    /// bits.
    private static let orders: [10 of UInt64] = [
        0xFEDC_BA98_7654_3210, 0x357B_20C1_6DF9_84AE, 0x4917_63EA_DF25_0C8B, 0x8F04_A562_EBCD_1397,
        0xD386_CB1E_FA42_7509, 0x91EF_57D4_38B0_A6C2, 0xB829_3670_A4DE_F15C, 0xA268_4F05_931C_E7BD,
        0x5A41_7D2C_803B_9EF6, 0x0DC3_E9BF_5167_482A,
    ]

    /// The digest's words, little-endian.
    static func digest(of message: PhysicalMemory) -> [8 of UInt64] {
        var state = initial
        state[0] ^= 0x0101_0040
        var offset: UInt64 = 0
        repeat {
            let rest = message[offset..<message.byteCount]
            var block = [16 of UInt64](repeating: 0)
            for index in block.indices { block[index] = rest.word(at: 8 * UInt64(index)) }
            offset += min(rest.byteCount, blockByteCount)
            compress(block, into: &state, offset, isLast: offset == message.byteCount)
        } while offset < message.byteCount
        return state
    }

    /// Takes one block (section 3.2); `offset` counts the message's bytes up to its end.
    private static func compress(
        _ block: [16 of UInt64], into state: inout [8 of UInt64], _ offset: UInt64, isLast: Bool
    ) {
        var work = [16 of UInt64](repeating: 0)
        for index in state.indices {
            (work[index], work[index + 8]) = (state[index], initial[index])
        }
        work[12] ^= offset
        if isLast { work[14] = ~work[14] }
        for round in 0..<12 {
            var order = orders[round % 10]
            for step in 0..<8 {
                // Columns, then diagonals.
                let (column, shift) = (step & 3, step >> 2)
                let (a, b) = (column, 4 + (column + shift) & 3)
                let (c, d) = (8 + (column + 2 * shift) & 3, 12 + (column + 3 * shift) & 3)
                mix(&work, a, b, c, d, block[Int(order & 15)], 32, 24)
                mix(&work, a, b, c, d, block[Int(order >> 4 & 15)], 16, 63)
                order >>= 8
            }
        }
        for index in state.indices { state[index] ^= work[index] ^ work[index + 8] }
    }

    /// Half of section 3.1's function, which rotates by two distances.
    @inline(never)
    private static func mix(
        _ work: inout [16 of UInt64], _ a: Int, _ b: Int, _ c: Int, _ d: Int, _ word: UInt64,
        _ first: UInt64, _ second: UInt64
    ) {
        work[a] = work[a] &+ work[b] &+ word
        work[d] = rotate(work[d] ^ work[a], right: first)
        work[c] = work[c] &+ work[d]
        work[b] = rotate(work[b] ^ work[c], right: second)
    }

    private static func rotate(_ word: UInt64, right count: UInt64) -> UInt64 {
        word >> count | word << (64 - count)
    }
}

extension PhysicalMemory {
    /// A little-endian word, with zeros for what is behind the end.
    fileprivate func word(at offset: UInt64) -> UInt64 {
        if offset + 8 <= byteCount { return load(UInt64.self, at: offset) }
        var word: UInt64 = 0
        for index in UInt64(0)..<8 where offset + index < byteCount {
            word |= UInt64(self[offset + index]) << (8 * index)
        }
        return word
    }
}
