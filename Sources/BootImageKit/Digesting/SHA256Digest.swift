/// The SHA-256 digest of bytes that arrive in pieces (FIPS 180-4 §6.2).
///
/// About as fast as sha256sum(1) without the processor's SHA instructions. A library that uses them
/// is five times as fast, but delayed the start of the executable too much.
struct SHA256Digest {
    private static let blockByteCount = 64
    private static let scheduleCount = 64

    private var state: [8 of UInt32] = [
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
        0x5BE0_CD19,
    ]
    /// The bytes that do not fill a block yet.
    private var rest: [UInt8] = []
    private var byteCount: UInt64 = 0

    /// Takes the next bytes.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        byteCount += UInt64(bytes.count)
        var bytes = bytes
        if !rest.isEmpty {
            let missing = min(Self.blockByteCount - rest.count, bytes.count)
            rest += bytes[..<missing]
            bytes = UnsafeRawBufferPointer(rebasing: bytes[missing...])
            guard rest.count == Self.blockByteCount else { return }
            rest.withUnsafeBytes { takeBlocks($0) }
            rest = []
        }
        let whole = bytes.count / Self.blockByteCount * Self.blockByteCount
        takeBlocks(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
        rest += bytes[whole...]
    }

    /// Takes the next bytes.
    mutating func take(_ bytes: [UInt8]) { bytes.withUnsafeBytes { take($0) } }

    /// The 32 bytes of the digest of all bytes so far.
    var bytes: [UInt8] {
        var last = self
        let bitCount = byteCount * 8
        // A one bit, zeros, and the length in bits (FIPS 180-4 §5.1.1).
        let used = (rest.count + 1 + 8) % Self.blockByteCount
        let zeros = used == 0 ? 0 : Self.blockByteCount - used
        last.take(
            [0x80] + [UInt8](repeating: 0, count: zeros) + Self.bigEndianBytes(of: bitCount))
        return (0..<8).flatMap { Self.bigEndianBytes(of: last.state[$0]) }
    }

    /// The digest as 64 lower-case hexadecimal digits.
    var text: String {
        bytes.map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bigEndianBytes(of number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    private mutating func takeBlocks(_ blocks: UnsafeRawBufferPointer) {
        var state = state
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.scheduleCount) { schedule in
            SHA256Constants.all.withUnsafeBufferPointer { constants in
                for start in stride(from: 0, to: blocks.count, by: Self.blockByteCount) {
                    Self.fill(schedule, from: blocks, at: start)
                    Self.compress(&state, schedule, constants)
                }
            }
        }
        self.state = state
    }

    /// FIPS 180-4 §6.2.2, step 1.
    @inline(__always)
    private static func fill(
        _ schedule: UnsafeMutableBufferPointer<UInt32>, from blocks: UnsafeRawBufferPointer,
        at start: Int
    ) {
        for index in 0..<16 {
            let word = blocks.loadUnaligned(fromByteOffset: start &+ 4 &* index, as: UInt32.self)
            schedule[index] = word.bigEndian
        }
        for index in 16..<scheduleCount {
            let (near, far) = (schedule[index &- 2], schedule[index &- 15])
            let small = near.rotated(17) ^ near.rotated(19) ^ near >> 10
            let other = far.rotated(7) ^ far.rotated(18) ^ far >> 3
            schedule[index] =
                (small &+ schedule[index &- 7]) &+ (other &+ schedule[index &- 16])
        }
    }

    /// FIPS 180-4 §6.2.2, steps 2 and 3.
    @inline(__always)
    private static func compress(
        _ state: inout [8 of UInt32], _ schedule: UnsafeMutableBufferPointer<UInt32>,
        _ constants: UnsafeBufferPointer<UInt32>
    ) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<scheduleCount {
            let choice = (e & f) ^ (~e & g)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let first =
                (h &+ (e.rotated(6) ^ e.rotated(11) ^ e.rotated(25)))
                &+ (choice &+ (constants[index] &+ schedule[index]))
            let second = (a.rotated(2) ^ a.rotated(13) ^ a.rotated(22)) &+ majority
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ second)
        }
        let sums: [8 of UInt32] = [a, b, c, d, e, f, g, h]
        for index in 0..<8 { state[index] &+= sums[index] }
    }
}

extension UInt32 {
    /// The word with its bits moved down, and those that fall out put back at the top.
    @inline(__always)
    fileprivate func rotated(_ count: UInt32) -> UInt32 {
        self &>> count | self &<< (32 &- count)
    }
}

/// The round constants (FIPS 180-4 §4.2.2): 32 bits of the cube roots' fractions of the first 64
/// primes.
private enum SHA256Constants {
    static let all: [UInt32] = [
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
