import Foundation
import Testing

@testable import GeoKit

@Suite(.onItsOwnThread) struct `Map projections` {
    @Test(arguments: [
        (180.0, 0.0, 2.7066299836960748, 0.0),
        (0, 90, 0, 1.3173627591574133),
        (180, 90, 1.6035886482840511, 1.317362759157413),
        (139.69, 35.68, 1.9095394553213727, 0.6976727626409839),
        (-70, -45, -0.9021090548578762, -0.8602310855220102),
    ])
    func `Equal Earth puts points where its authors do`(longitude: Double, latitude: Double, x: Double, y: Double) {
        let place = GeoMap.Projection.equalEarth.project(MapPoint(longitude: longitude, latitude: latitude))
        #expect(abs(place.x - x) < 1e-12)
        #expect(abs(place.y - y) < 1e-12)
    }

    @Test func `equirectangular is latitude and longitude`() {
        let place = GeoMap.Projection.equirectangular.project(MapPoint(longitude: -90, latitude: 45))
        #expect(place == [-.pi / 2, .pi / 4])
    }

    @Test(arguments: [GeoMap.Projection.equalEarth, .equirectangular])
    func `what is projected comes back`(projection: GeoMap.Projection) throws {
        var worst = 0.0
        for longitude in stride(from: -180.0, through: 180, by: 7.5) {
            for latitude in stride(from: -90.0, through: 90, by: 4.5) {
                let point = MapPoint(longitude: longitude, latitude: latitude)
                let back = try #require(projection.unproject(projection.project(point)))
                worst = max(worst, abs(back.longitude - longitude))
                // At the poles, where the sine is flat, half of the digits are gone.
                if abs(latitude) < 89 { worst = max(worst, abs(back.latitude - latitude)) }
            }
        }
        #expect(worst < 1e-9)
    }

    @Test(arguments: [GeoMap.Projection.equalEarth, .equirectangular])
    func `beside the map there is no point`(projection: GeoMap.Projection) {
        let half = projection.halfSize
        #expect(projection.unproject([half.x + 0.01, 0]) == nil)
        #expect(projection.unproject([0, half.y + 0.01]) == nil)
        #expect(projection.unproject([0, -half.y - 0.01]) == nil)
    }

    @Test func `areas are true on Equal Earth`() {
        // Cells of one degree, near the equator and far north, against their areas on the sphere.
        func ratio(_ latitude: Double) -> Double {
            let here = GeoMap.Projection.equalEarth.project(MapPoint(longitude: 20, latitude: latitude))
            let east = GeoMap.Projection.equalEarth.project(MapPoint(longitude: 20.01, latitude: latitude))
            let north = GeoMap.Projection.equalEarth.project(MapPoint(longitude: 20, latitude: latitude + 0.01))
            let area = (east.x - here.x) * (north.y - here.y)
            return area / (pow(0.01 * .pi / 180, 2) * cos((latitude + 0.005) * .pi / 180))
        }
        #expect(abs(ratio(0) - 1) < 1e-3)
        #expect(abs(ratio(45) - 1) < 1e-3)
        #expect(abs(ratio(-70) - 1) < 1e-3)
    }

    @Test func `sines and arctangents are those of the C library`() {
        var worst = 0.0
        for step in -2000...2000 {
            let angle = Double(step) * 0.0041
            worst = max(worst, abs(Trigonometry.sine(angle) - sin(angle)))
            worst = max(worst, abs(Trigonometry.cosine(angle) - cos(angle)))
            let (y, x) = (sin(angle) * 3, cos(angle * 1.3) * 2)
            worst = max(worst, abs(Trigonometry.arctangent(y, x) - atan2(y, x)))
        }
        #expect(worst < 2e-15)
        #expect(Trigonometry.arctangent(0, 0) == 0)
        #expect(Trigonometry.arctangent(0, -1) == .pi)
        #expect(Trigonometry.arctangent(-1, 0) == -.pi / 2)
    }
}
