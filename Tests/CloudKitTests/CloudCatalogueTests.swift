import GeoKit
import Testing
import TraceCore

@testable import TraceCoreCloud

@Suite("The catalogue of clouds") struct CloudCatalogueTests {
    private let catalogue = CloudCatalogue.builtIn

    @Test func `has the providers and regions that it promises, with what answers in them`() {
        #expect(catalogue.providers.count >= 14 && catalogue.regions.count >= 250)
        #expect(Set(catalogue.regions.map(\.provider)) == Set(catalogue.providers.map(\.code)))
        #expect(catalogue.regions.count { $0.endpoint != nil } >= 230)
        #expect(catalogue.date.wholeMatch(of: /20\d\d-\d\d-\d\d/) != nil)
        for region in catalogue.regions {
            #expect(region.code.wholeMatch(of: /[A-Za-z0-9-]+/) != nil, "\(region.id)")
            #expect(region.country.wholeMatch(of: /[A-Z]{2}/) != nil, "\(region.id)")
            #expect(["AF", "AS", "EU", "ME", "NA", "OC", "SA"].contains(region.continent), "\(region.id)")
            #expect(!region.name.isEmpty && !region.city.isEmpty, "\(region.id)")
            if let endpoint = region.endpoint {
                #expect(endpoint.host.wholeMatch(of: /([a-z0-9-]+\.)+[a-z]{2,}/) != nil, "\(region.id)")
            }
        }
    }

    @Test func `knows that a front end answers for a region far away`() throws {
        let tokyo = try #require(catalogue.regions.first { $0.id == "gcp/asia-northeast1" })
        #expect(tokyo.endpoint?.evidence == .anycast)
        let ireland = try #require(catalogue.regions.first { $0.id == "aws/eu-west-1" })
        #expect(ireland.endpoint?.evidence == .regional && ireland.country == "IE")
        #expect((53.0...54.0).contains(ireland.coordinate?.latitude ?? 0))
    }

    @Test(arguments: [
        ("a;A;City;DE;EU;1;1", 1, "below its provider"), ("@x", 1, "a code and a name"),
        ("@x;X\na;A;City;DE;EU;1", 2, "here are 6"), ("@x;X\na;A;City;DE;EU;1;1;host", 2, "here are 8"),
        ("@x;X\n\na;A;City;DE;EU;91;1", 3, "no point on Earth"),
        ("@x;X\na;A;City;DE;EU;north;1", 2, "no point on Earth"),
        ("@x;X\na;A;City;DE;EU;1;1;h.example;near", 2, "regional, anycast or unknown"),
        ("@x;X\na;A;City;DE;EU;1;1\na;B;City;DE;EU;2;2", 3, "x/a is there twice"),
    ]) func `says where a text is wrong, and what is allowed`(text: String, line: Int, reason: String) {
        let mistake = #expect(throws: CloudCatalogue.Mistake.self) {
            try CloudCatalogue(parsing: Array(text.utf8))
        }
        #expect(mistake?.line == line && mistake?.reason.contains(reason) ?? false, "\(mistake?.description ?? "")")
    }

    @Test func `a code may be one of several providers`() throws {
        let text = "@x;X\na;A;City;DE;EU;1;1\n@y;Y\na;A;City;DE;EU;1;1;h.example;unknown\n"
        #expect(try CloudCatalogue(parsing: Array(text.utf8)).regions.map(\.id) == ["x/a", "y/a"])
    }
}
