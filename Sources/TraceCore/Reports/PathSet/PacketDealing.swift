/// Decides at one hop whether packets of one flow are dealt out to several routers, or the path has changed.
///
/// If packets are dealt out, a flow meets other routers from answer to answer, back and forth. If the path changes, its
/// flows move to other routers once. If flows are assigned anew, they move among the same routers and stop soon. So the
/// sign is flows that moved three times in a row, some of them to routers that others moved away from.
struct PacketDealing: Sendable {
    /// For flows that moved three times in a row: the router before the last, and the last.
    private var middles: Set<IPAddress> = []
    private var ends: Set<IPAddress> = []
    private var answers = 0
    /// The result of the period before this one, so that what has ended is forgotten.
    private var former: Set<IPAddress> = []

    /// The routers that packets are dealt out to.
    var routers: Set<IPAddress> { former.union(current) }

    private var current: Set<IPAddress> { middles.isDisjoint(with: ends) ? [] : middles.union(ends) }

    /// Whether packets of one flow may meet another router instead of this one.
    func deals(_ router: IPAddress) -> Bool {
        former.contains(router)
            || !middles.isDisjoint(with: ends) && (middles.contains(router) || ends.contains(router))
    }

    /// Records an answer.
    ///
    /// - Parameters:
    ///   - router: The router that answered.
    ///   - middle: The router that answered this flow before, if the flow has moved three times in a row.
    ///   - flows: The number of flows.
    mutating func note(_ router: IPAddress, after middle: IPAddress?, of flows: Int) {
        if let middle, middles.count + ends.count < 2 * MonitorReport.Fold.addressLimit {
            middles.insert(middle)
            ends.insert(router)
        }
        answers += 1
        // This many answers make some flows move three times in a row, and to every router if there are more than two.
        guard answers >= 8 * max(4, flows) else { return }
        former = current
        middles = []
        ends = []
        answers = 0
    }
}
