public import TraceCore

/// A path on a map: its stops, and the hops without a place.
public struct MapRoute: Sendable, Hashable {
    /// The name in the legend.
    public var name: UntrustedText
    /// The places on the path, in order.
    public var stops: [Stop]
    /// The hops without a place. They are listed and never drawn.
    public var unplaced: [Hop]
    /// Further lines for the legend.
    public var notes: [UntrustedText]

    /// A path through these places.
    public init(name: UntrustedText, stops: [Stop], unplaced: [Hop] = [], notes: [UntrustedText] = []) {
        self.name = name
        self.stops = stops
        self.unplaced = unplaced
        self.notes = notes
    }

    /// A place on the path, and the hops that are there.
    public struct Stop: Sendable, Hashable {
        /// Where it is.
        public var coordinate: Coordinate
        /// The label on the map: the city.
        public var label: UntrustedText
        /// What is known about the hops there, one line each.
        public var details: [UntrustedText]
        /// The numbers of the hops there, such as `4–6`.
        public var hops: String
        /// The shortest round trip to the hops there.
        public var rtt: Duration?
        /// Whether hops without a place precede this stop, so that the way to it is a guess.
        public var followsGap: Bool

        /// A stop at a place.
        public init(
            coordinate: Coordinate, label: UntrustedText, details: [UntrustedText] = [], hops: String = "",
            rtt: Duration? = nil, followsGap: Bool = false
        ) {
            self.coordinate = coordinate
            self.label = label
            self.details = details
            self.hops = hops
            self.rtt = rtt
            self.followsGap = followsGap
        }
    }

    /// A hop. Consecutive hops in one place become one stop.
    public struct Hop: Sendable, Hashable {
        /// How many hops away it is.
        public var number: Int
        /// Where it is, or nil if the place is unknown or impossible.
        public var coordinate: Coordinate?
        /// The label on the map: the city.
        public var label: UntrustedText
        /// What is known about the hop, on one line: its name or address.
        public var detail: UntrustedText
        /// The shortest round trip to it.
        public var rtt: Duration?

        /// A hop. Without a coordinate it is listed and not drawn.
        public init(
            number: Int, coordinate: Coordinate?, label: UntrustedText = "", detail: UntrustedText, rtt: Duration? = nil
        ) {
            self.number = number
            self.coordinate = coordinate
            self.label = label
            self.detail = detail
            self.rtt = rtt
        }
    }
}
