internal import TraceCore

extension MapRoute {
    /// The path of a trace, from its source through the places of its hops.
    ///
    /// If several addresses of a hop have places, the first one counts. Impossible places are not drawn; the hop is
    /// listed instead.
    public init(_ located: LocatedTrace) {
        var hops: [Hop] = []
        if let source = located.source, source.coordinate != nil {
            hops.append(
                Hop(
                    number: 0, coordinate: source.coordinate, label: source.city ?? UntrustedText(source.shortName),
                    detail: "here"))
        }
        for hop in located.hops {
            guard let responder = hop.responders.first(where: { $0.place?.coordinate != nil }) ?? hop.responders.first
            else {
                hops.append(Hop(number: hop.ttl, coordinate: nil, detail: "no answer"))
                continue
            }
            let place = responder.place
            let name = located.trace.hops.first { $0.ttl == hop.ttl }?.replies
                .first { $0.from == responder.address }?.name
            let who = name.map { "\($0.raw) (\(responder.address))" } ?? "\(responder.address)"
            hops.append(
                Hop(
                    number: hop.ttl, coordinate: place?.coordinate, label: place.map { $0.city ?? "" } ?? "",
                    detail: UntrustedText(who), rtt: responder.rtt))
        }
        let target = located.trace.target
        self.init(
            name: UntrustedText(target?.name ?? target.map { "\($0.address)" } ?? "a path"), hops: hops,
            notes: located.trace.isReached ? [] : ["not reached"])
    }
}
