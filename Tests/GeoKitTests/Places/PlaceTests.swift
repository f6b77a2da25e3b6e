import Foundation
import GeoKit
import Testing
import TraceCore

@Suite(.onItsOwnThread) struct `Places and who says so` {
    @Test(arguments: [(90.0, 180.0), (-90, -180), (0, 0), (35.68, 139.69)])
    func `a point on Earth is taken, and survives JSON`(latitude: Double, longitude: Double) throws {
        let point = try #require(Coordinate(latitude: latitude, longitude: longitude))
        let copy = try JSONDecoder().decode(Coordinate.self, from: JSONEncoder().encode(point))
        #expect(copy == point)
    }

    @Test(arguments: [(90.1, 0.0), (0, 180.1), (.nan, 0), (0, .infinity)])
    func `a point that is not on Earth is refused`(latitude: Double, longitude: Double) {
        #expect(Coordinate(latitude: latitude, longitude: longitude) == nil)
    }

    @Test func `a point that is not on Earth is refused in JSON too`() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Coordinate.self, from: Data(#"{"latitude":91,"longitude":0}"#.utf8))
        }
    }

    @Test func `a chain keeps what each says, in its order`() {
        struct Fixed: Geolocator {
            let name: String
            func locate(_ subject: GeoSubject) -> GeoFindings { GeoFindings(places: [Place(source: name)]) }
        }
        let chain = GeolocatorChain([Fixed(name: "one"), Fixed(name: "two")])
        #expect(chain.locate(GeoSubject(address: IPAddress(192, 0, 2, 1))).places.map(\.source) == ["one", "two"])
    }
}
