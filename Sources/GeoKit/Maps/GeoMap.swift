public import TraceCore

/// Routes on a map of the world, as a picture (SVG) or as data (GeoJSON).
///
/// Stops are connected by great circles. Hops without a known place are listed in the legend and never drawn.
public struct GeoMap: Sendable, Hashable {
    /// The routes, in the order of the legend.
    public var routes: [MapRoute]
    /// The title above the map.
    public var title: UntrustedText?
    /// The projection of the map.
    public var projection: Projection
    /// How much of the world the picture shows.
    public var extent: Extent
    /// Whether the picture is light or dark.
    public var appearance: Appearance

    /// A map of these routes.
    public init(
        routes: [MapRoute], title: UntrustedText? = nil, projection: Projection = .equalEarth,
        extent: Extent = .fitted, appearance: Appearance = .automatic
    ) {
        self.routes = routes
        self.title = title
        self.projection = projection
        self.extent = extent
        self.appearance = appearance
    }

    /// The ways to lay the sphere flat.
    public enum Projection: Sendable, Hashable {
        /// Equal Earth: areas are correct and shapes look right (Šavrič, Patterson and Jenny, 2018).
        case equalEarth
        /// Latitude and longitude as they are, to read coordinates off the map.
        case equirectangular
    }

    /// How much of the world a picture shows.
    public enum Extent: Sendable, Hashable {
        /// The part around the routes, turned so that as few routes as possible cross the edge.
        case fitted
        /// The whole world, with Greenwich in the middle.
        case world
    }

    /// Whether a picture is light or dark.
    public enum Appearance: Sendable, Hashable {
        /// Follows the setting of the reader's system.
        case automatic
        /// Dark on light.
        case light
        /// Light on dark.
        case dark
    }
}
