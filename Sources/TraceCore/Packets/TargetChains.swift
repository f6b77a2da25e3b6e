/// Which probes went to a target, the newest first: for answers that carry no number.
///
/// The probes of all targets that share a place are chained by their serial numbers in two arrays, so that entering one
/// allocates nothing.
struct TargetChains: Sendable {
    private var newest: [Int]
    private var earlier: [Int]
    private let mask: Int

    /// Chains for a ring of that many probes, a power of two.
    init(size: Int) {
        newest = Array(repeating: -1, count: size)
        earlier = newest
        mask = size - 1
    }

    private func place(of target: IPAddress) -> Int {
        // The golden ratio spreads neighbouring addresses.
        Int(truncatingIfNeeded: (target.high ^ target.low) &* 0x9E37_79B9_7F4A_7C15 >> 32) & mask
    }

    /// Puts a probe before all others to its target.
    mutating func enter(_ serial: Int, to target: IPAddress) {
        let place = place(of: target)
        earlier[serial & mask] = newest[place]
        newest[place] = serial
    }

    /// The serial number of the newest probe that may have gone to a target, or -1.
    func newest(to target: IPAddress) -> Int { newest[place(of: target)] }

    /// The serial number of the next older one, or -1.
    func before(_ serial: Int) -> Int { earlier[serial & mask] }
}
