/// Which size is tried next, and at which hops: what is known about the sizes that arrive, and what follows from it.
///
/// What arrives at a hop has passed all links before it, so sizes never grow along the path. The search therefore begins
/// with the last hop, asks where one byte more than fits there stops, and goes on with the hop before that: so
/// it takes one search for each size that the path has, and not one for each hop.
///
/// A search between a size that arrives and one that does not takes what routers tell first, then the sizes that links
/// have, then halves: at most 4 + 8 + 15 tests, each of two waits, three where the hop itself was silent.
struct PathMTUSearch: Sendable {
    enum Move: Hashable {
        /// Whether this machine sends packets of this size, shown by sending one to a hop.
        case send(size: Int, ttl: Int)
        /// Whether packets of this size arrive at these hops.
        case test(size: Int, ttls: [Int])
        /// All is known.
        case done
    }

    /// The sizes that links and tunnels have: Ethernet and its jumbo frames, FDDI, PPPoE, GRE, 6in4, WireGuard, IPsec, DS-Lite,
    /// and the smallest of both families.
    static let common = [
        68, 296, 508, 552, 576, 1006, 1280, 1300, 1320, 1350, 1358, 1380, 1400, 1420, 1422, 1428, 1430, 1432, 1436,
        1440, 1442, 1444, 1450, 1452, 1454, 1456, 1458, 1460, 1462, 1464, 1468, 1472, 1476, 1480, 1484, 1488, 1490,
        1492, 1496, 1498, 1500, 2002, 2044, 4352, 4464, 4470, 8166, 8942, 8950, 8970, 9000, 9001, 9180, 9216, 16384,
        17914, 32000, 65520,
    ]

    /// How many sizes that routers tell are tried: a path has few, and whoever tells ever new ones must not lead the search.
    private static let hintLimit = 8

    /// The TTLs that are asked, in their order.
    private(set) var ttls: [Int]
    private let largest: Int
    /// The largest size that arrived, for each TTL, and those that did not: one of them may still arrive late.
    private var arrived: [Int: Int] = [:]
    private var failed: [Int: Set<Int>] = [:]
    /// The sizes that got lost without a word.
    private var vanished: Set<Int> = []
    private var hints: Set<Int> = []
    /// The largest size that left this machine, and the smallest that did not.
    private(set) var localSize: Int?
    private var localLimit: Int

    init(ttls: [Int], largest: Int) {
        self.ttls = ttls.sorted()
        self.largest = largest
        localLimit = largest + 1
    }

    // MARK: - What is known

    mutating func noteArrival(of size: Int, at ttl: Int) { arrived[ttl] = max(arrived[ttl] ?? 0, size) }

    /// - Parameter isSilent: Whether nobody said that it is too big.
    mutating func noteFailure(of size: Int, at ttl: Int, isSilent: Bool = false) {
        failed[ttl, default: []].insert(size)
        if isSilent { vanished.insert(size) }
    }

    mutating func noteHint(_ size: Int) { if hints.count < Self.hintLimit { hints.insert(size) } }

    mutating func noteSent(_ size: Int) { localSize = max(localSize ?? 0, size) }

    mutating func noteTooLarge(_ size: Int) { localLimit = min(localLimit, size) }

    /// Leaves out a hop that does not answer any more.
    mutating func drop(_ ttl: Int) { ttls.removeAll { $0 == ttl } }

    /// The largest size that is known to arrive at a hop.
    func size(arrivingAt ttl: Int) -> Int {
        arrived.reduce(PathMTUSettings.small) { $1.key >= ttl ? max($0, $1.value) : $0 }
    }

    /// The smallest size that is known not to: what failed here or before, and did not arrive there since.
    private func limit(at ttl: Int) -> Int? {
        failed.lazy.filter { $0.key <= ttl }.compactMap { before, sizes in
            let size = size(arrivingAt: before)
            return sizes.filter { $0 > size }.min()
        }.min()
    }

    // MARK: - What is tried next

    func next() -> Move {
        guard let last = ttls.last else { return .done }
        if let size = nextToSend { return .send(size: size, ttl: last) }
        guard let top = localSize else { return .done }
        var index = ttls.count - 1
        while true {
            let ttl = ttls[index]
            let size = size(arrivingAt: ttl)
            if size >= top { return .done }
            guard let limit = limit(at: ttl) else { return .test(size: top, ttls: [ttl]) }
            if limit == top, vanished.contains(top) {
                // Up to where nothing vanishes all is known then, long before the search behind it is over.
                let open = ttls[..<index].filter { self.size(arrivingAt: $0) < top && self.limit(at: $0) == nil }
                if !open.isEmpty { return .test(size: top, ttls: open) }
            }
            if size + 1 < limit { return .test(size: choose(between: size, limit), ttls: [ttl]) }
            // Known here. Where does one byte more stop?
            let open = ttls[..<index].filter { self.size(arrivingAt: $0) <= size && self.limit(at: $0) != size + 1 }
            if !open.isEmpty { return .test(size: size + 1, ttls: open) }
            guard let before = ttls[..<index].lastIndex(where: { self.size(arrivingAt: $0) > size }) else {
                return .done
            }
            index = before
        }
    }

    /// The next size that shows what the own interface takes: from above until one goes, and then to the byte.
    private var nextToSend: Int? {
        guard let size = localSize else {
            if localLimit > largest { return largest }
            return Self.common.last { $0 < localLimit }
        }
        guard size + 1 < localLimit, localLimit <= largest else { return nil }
        return Self.common.contains(size) ? size + 1 : (size + localLimit) / 2
    }

    /// A size that is neither the one that arrives nor the one that does not.
    private func choose(between size: Int, _ limit: Int) -> Int {
        let between = size + 1..<limit
        if let hint = hints.filter({ between.contains($0) }).max() { return hint }
        // Whether it was true what a router told.
        if hints.contains(size) { return size + 1 }
        let common = Self.common.filter { between.contains($0) }
        if !common.isEmpty { return common[common.count / 2] }
        return Self.common.contains(size) ? size + 1 : (size + limit) / 2
    }
}
