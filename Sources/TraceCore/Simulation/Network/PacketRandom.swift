/// The random numbers of one packet: they depend on the seed and the packet's number alone.
///
/// So what happens to a packet does not change when another packet draws more or fewer numbers.
struct PacketRandom {
    private var chance: SplitMix

    init(seed: UInt64, packet: UInt64) {
        chance = SplitMix(seed: SplitMix.mix(seed &+ packet &* 0xD1B5_4A32_D192_ED03))
    }

    @inline(__always) mutating func next() -> UInt64 { chance.next() }

    /// Whether something happens that happens so often, in 2³²nds; nothing is drawn for what never does.
    @inline(__always) mutating func happens(_ share: UInt64) -> Bool {
        share > 0 && next() >> 32 < share
    }

    /// A time that is usually short and sometimes long: exponential, as waiting in a queue is.
    ///
    /// −log₂ of a uniform number is its leading zeros and a fraction; taking the fraction as linear is off by
    /// less than a tenth, needs no floating point, and so gives the same on every machine.
    @inline(__always) mutating func exponential(mean: Int64) -> Int64 {
        let bits = next() | 1
        let zeros = bits.leadingZeroBitCount
        let fraction = Int64(truncatingIfNeeded: ((bits << UInt64(zeros)) << 1) >> 48)
        let log2 = (Int64(zeros) << 16) + 65_536 - fraction
        // ln 2 in 2¹⁶ths, and the mean of the linear piece, which is half where the curve's is 0.4427.
        return (mean &* ((log2 &* 43_800) >> 16)) >> 16
    }

    @inline(__always) mutating func jitter(_ link: LinkTraits) -> Int64 {
        if link.isUniform {
            return Int64(truncatingIfNeeded: ((next() >> 32) &* UInt64(link.jitter)) >> 32)
        }
        return exponential(mean: link.jitter)
    }
}
