public import TraceCore

/// A path to be drawn: where it stops, and what of it has no place.
public struct MapRoute: Sendable, Hashable {
    /// What the legend calls it.
    public var name: UntrustedText
    /// The places on the way, in order.
    public var stops: [MapStop]
    /// The hops without a place, a line each: they are listed and never drawn.
    public var unplaced: [UntrustedText]
    /// What else the legend has to say of it, a line each.
    public var notes: [UntrustedText]

    /// A path through these places.
    public init(name: UntrustedText, stops: [MapStop], unplaced: [UntrustedText] = [], notes: [UntrustedText] = []) {
        self.name = name
        self.stops = stops
        self.unplaced = unplaced
        self.notes = notes
    }
}

/// A place on the way, and the hops that are there.
public struct MapStop: Sendable, Hashable {
    /// Where it is.
    public var coordinate: Coordinate
    /// What the map calls it: the city.
    public var label: UntrustedText
    /// What is known of the hops there, a line each.
    public var details: [UntrustedText]
    /// The numbers of the hops there, such as `4–6`.
    public var hops: String
    /// Whether hops without a place lie between the stop before and this one, so that the way to it is a guess.
    public var followsGap: Bool

    /// A stop at a place.
    public init(
        coordinate: Coordinate, label: UntrustedText, details: [UntrustedText] = [], hops: String = "",
        followsGap: Bool = false
    ) {
        self.coordinate = coordinate
        self.label = label
        self.details = details
        self.hops = hops
        self.followsGap = followsGap
    }
}
