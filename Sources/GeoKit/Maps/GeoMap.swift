public import TraceCore

/// Routes on a map of the world, as a picture (SVG) or as data (GeoJSON).
///
/// What is drawn are great circles between the stops. No pin stands where nobody knows a place: hops without one are
/// listed in the legend.
public struct GeoMap: Sendable, Hashable {
    /// What is drawn, in the order of the legend.
    public var routes: [MapRoute]
    /// What stands above the map.
    public var title: UntrustedText?
    /// How the sphere is laid flat.
    public var projection: MapProjection
    /// How much of the world the picture shows.
    public var extent: MapExtent
    /// Whether the picture is light or dark.
    public var appearance: MapAppearance

    /// A map of these routes.
    public init(
        routes: [MapRoute], title: UntrustedText? = nil, projection: MapProjection = .equalEarth,
        extent: MapExtent = .fitted, appearance: MapAppearance = .automatic
    ) {
        self.routes = routes
        self.title = title
        self.projection = projection
        self.extent = extent
        self.appearance = appearance
    }
}

/// How much of the world a picture shows.
public enum MapExtent: Sendable, Hashable {
    /// The part around the routes, turned so that as few as can be of them cross the edge.
    case fitted
    /// All of it, Greenwich in the middle.
    case world
}

/// Whether a picture is light or dark.
public enum MapAppearance: Sendable, Hashable {
    /// As the reader's system is set.
    case automatic
    /// Dark on light.
    case light
    /// Light on dark.
    case dark
}
