/// Tells at one hop whether packets of one flow are dealt out to several routers, or a path has changed.
///
/// Where packets are dealt out, a flow meets other routers from answer to answer, to and fro. A path that changes takes its
/// flows to other routers, one of several to which flows are dealt anew takes them to and fro among the same, and soon back
/// again. So what counts are flows that moved three times in a row, and that some of them moved to where others moved from.
struct PacketDealing: Sendable {
    /// What flows that moved three times in a row came through last, and where they went.
    private var middles: Set<IPAddress> = []
    private var ends: Set<IPAddress> = []
    private var answers = 0
    /// What was so in the time before this one, for what has ended is forgotten.
    private var former: Set<IPAddress> = []

    /// The routers that packets are dealt out to.
    var routers: Set<IPAddress> { former.union(current) }

    private var current: Set<IPAddress> { middles.isDisjoint(with: ends) ? [] : middles.union(ends) }

    /// Whether packets of one flow may as well meet another router than this one.
    func deals(_ router: IPAddress) -> Bool {
        former.contains(router)
            || !middles.isDisjoint(with: ends) && (middles.contains(router) || ends.contains(router))
    }

    /// Takes note of an answer.
    ///
    /// - Parameters:
    ///   - router: Who answered.
    ///   - middle: Who answered the flow before, if that was another, and so twice more.
    ///   - flows: How many flows there are.
    mutating func note(_ router: IPAddress, after middle: IPAddress?, of flows: Int) {
        if let middle, middles.count + ends.count < 2 * MonitorFold.addressLimit {
            middles.insert(middle)
            ends.insert(router)
        }
        answers += 1
        // Each flow is asked so often that some move three times in a row, to all routers if there are some more.
        guard answers >= 8 * max(4, flows) else { return }
        former = current
        middles = []
        ends = []
        answers = 0
    }
}
