import GeoKit
import Testing
import TraceCore
import TraceCoreCommandLine

@testable import TraceCoreCloud

@Suite("Endpoints of one's own") struct CloudEndpointsTests {
    private func read(_ text: String) throws(SettingsMistakes) -> [CloudRegion] {
        try CloudEndpoints.regions(parsing: Array(text.utf8), knowing: .builtIn)
    }

    private func mistakes(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test func `are read from JSON, CSV and the map of gcping's server`() throws {
        let json = """
            [{"provider": "own", "region": "r1", "name": "Rack 1", "city": "Bern", "country": "CH", "continent": "EU",
              "latitude": 46.95, "longitude": 7.45, "host": "r1.example.net", "evidence": "regional"},
             {"region": "r2", "url": "https://[2001:db8::1]:8443/ping?x=1"}]
            """
        let csv = """
            provider,region,name,city,country,continent,latitude,longitude,host,url,evidence
            own,r1,Rack 1,Bern,CH,EU,46.95,7.45,r1.example.net,,regional
            ,r2,,,,,,,,"https://[2001:db8::1]:8443/ping?x=1",
            """
        let one = try read(json)
        #expect(one == (try read(csv)))
        #expect(one.map(\.id) == ["own/r1", "own/r2"] && one[1].endpoint?.host == "2001:db8::1")
        #expect(one[0].coordinate == Coordinate(latitude: 46.95, longitude: 7.45) && one[1].coordinate == nil)
        let map = """
            {"us-east1": {"URL": "https://us-east1-x.a.run.app", "Region": "us-east1", "RegionName": "South Carolina"},
             "global": {"URL": "https://global.gcping.com", "Region": "global", "RegionName": "Global"}}
            """
        let gcp = try read(map)
        #expect(gcp.map(\.id) == ["gcp/us-east1", "gcp/global"])
        // The place is that of the catalogue.
        #expect(gcp[0].coordinate != nil && gcp[0].country == "US" && gcp[1].coordinate == nil)
        #expect(gcp[0].endpoint == CloudRegion.Endpoint(host: "us-east1-x.a.run.app", evidence: .unknown))
        let all = CloudCatalogue.builtIn.replacing(gcp)
        #expect(all.regions.count == CloudCatalogue.builtIn.regions.count + 1)
        #expect(all.regions.first { $0.id == "gcp/us-east1" }?.endpoint?.host == "us-east1-x.a.run.app")
        #expect(CloudCatalogue.builtIn.replacing(one, keepingOthers: false).regions == one)
    }

    @Test(arguments: [
        ("[]", ["line 1: there are no endpoints in it"]), ("[1", ["line 1: this is no JSON"]),
        (#"[{"region": "a"}]"#, ["line 1, [0].host: an endpoint has a host, or a url whose host it is"]),
        (
            """
            [{"region": "a b", "host": "-n"},
             {"region": "c", "host": "x.example", "latitude": 91, "longitude": 0, "country": "Germany"},
             {"region": "c", "host": "x.example", "latitude": 1, "evidence": "near", "continent": "Europe"}]
            """,
            [
                "line 1, [0].region: \"a b\" is no code", "line 1, [0].host: -n is no host",
                "line 2, [1].latitude: 91, 0 is no point on Earth", "line 2, [1].country: Germany is no country",
                "line 3, [2].region: own/c is there twice: it is in line 2, too",
                "line 3, [2].longitude: a point has both", "line 3, [2].continent: Europe is none of",
                "line 3, [2].evidence: near is none of",
            ]
        ),
        (#"[{"region": "a", "host": "x", "zone": 1}]"#, ["line 1, [0].zone: there is no such setting"]),
        (
            #"[{"region": "a", "url": "ftp://x.example"}]"#,
            ["line 1, [0].url: ftp://x.example is no address of the web"]
        ),
        (
            #"[{"region": "a", "host": "h", "url": "https://h"}]"#,
            ["line 1, [0].host: an endpoint has a host or a url, and not both"]
        ),
        (#"{"a": {"Region": "a"}}"#, ["line 1, a: an endpoint has a URL"]),
        ("region,host\na,b,c\n\"x", ["line 2: the first line has 2 columns, and this one has 3", "line 3: "]),
        ("region,hots\na,b", ["line 1: there is no column hots", "line 2, host: an endpoint has a host"]),
        ("", ["line 1: there are no endpoints in it"]),
    ]) func `tell all that is wrong`(text: String, wanted: [String]) {
        let found = mistakes(text)
        for reason in wanted { #expect(found.contains { $0.hasPrefix(reason) }, "\(reason) is not in \(found)") }
        #expect(found.count == wanted.count, "\(found)")
    }
}
