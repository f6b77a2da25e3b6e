public import TraceCore

extension GeoMap {
    /// The map as GeoJSON (RFC 7946), for other programs to draw.
    ///
    /// Each route is a feature without geometry, with `kind` `route`, that lists the hops without a place. It is
    /// followed by a `Point` for each stop and a `LineString` for each way between two stops. A way across the
    /// antimeridian is a `MultiLineString`.
    public var geoJSONValue: JSON.Value {
        var members = [JSON.Value.Member("type", .string("FeatureCollection"))]
        if let title { members.append(.init("title", .string(title.raw))) }
        members.append(.init("features", .array(routes.flatMap(\.features))))
        return .object(members)
    }

    /// The map as the text of a GeoJSON document.
    public func geoJSON(style: JSON.Style = .compact) -> String {
        // Only infinity or a NaN could fail, and a coordinate cannot be one.
        (try? JSON.text(geoJSONValue, style: style)) ?? #"{"type":"FeatureCollection","features":[]}"#
    }
}

extension MapRoute {
    fileprivate var features: [JSON.Value] {
        var features = [
            Self.feature(
                .null,
                [
                    .init("kind", .string("route")), .init("route", .string(name.raw)),
                    .init("unplaced", .array(unplaced.map { .string($0.line.raw) })),
                    .init("notes", .array(notes.map { .string($0.raw) })),
                ])
        ]
        for stop in stops { features.append(point(stop)) }
        for (first, second) in zip(stops, stops.dropFirst()) where first.coordinate != second.coordinate {
            features.append(way(from: first, to: second))
        }
        return features
    }

    private func point(_ stop: MapRoute.Stop) -> JSON.Value {
        let place = MapPoint(longitude: stop.coordinate.longitude, latitude: stop.coordinate.latitude)
        var members: [JSON.Value.Member] = [
            .init("kind", .string("stop")), .init("route", .string(name.raw)), .init("hops", .string(stop.hops)),
            .init("label", .string(stop.label.raw)),
        ]
        if let rtt = stop.rtt { members.append(.init("rttMs", .double(rtt.inMilliseconds))) }
        members.append(.init("details", .array(stop.details.map { .string($0.raw) })))
        return Self.feature(Self.geometry("Point", Self.position(place)), members)
    }

    private func way(from first: MapRoute.Stop, to second: MapRoute.Stop) -> JSON.Value {
        let lines = GreatCircle(from: first.coordinate, to: second.coordinate).lines()
            .map { JSON.Value.array(Self.positions($0)) }
        let geometry =
            lines.count == 1 ? Self.geometry("LineString", lines[0]) : Self.geometry("MultiLineString", .array(lines))
        return Self.feature(
            geometry,
            [
                .init("kind", .string("way")), .init("route", .string(name.raw)),
                .init("from", .string(first.label.raw)), .init("to", .string(second.label.raw)),
                .init("followsGap", .bool(second.followsGap)),
            ])
    }

    private static func feature(_ geometry: JSON.Value, _ properties: [JSON.Value.Member]) -> JSON.Value {
        .object([
            .init("type", .string("Feature")), .init("geometry", geometry), .init("properties", .object(properties)),
        ])
    }

    private static func geometry(_ type: String, _ coordinates: JSON.Value) -> JSON.Value {
        .object([.init("type", .string(type)), .init("coordinates", coordinates)])
    }

    private static func positions(_ line: [MapPoint]) -> [JSON.Value] {
        var positions: [JSON.Value] = []
        for point in line {
            let position = position(point)
            // A line must have two positions, which may be equal. Further repetitions are left out.
            if positions.last != position { positions.append(position) }
        }
        return positions.count == 1 ? positions + positions : positions
    }

    /// Rounded to four decimals, which are eleven metres.
    private static func position(_ point: MapPoint) -> JSON.Value {
        .array([.double(rounded(point.longitude)), .double(rounded(point.latitude))])
    }

    private static func rounded(_ degrees: Double) -> Double {
        // Adding 0 turns -0 into 0.
        (degrees * 10_000).rounded() / 10_000 + 0
    }
}
