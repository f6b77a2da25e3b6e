import GeoKit
import Testing
import TraceCore

/// What a name tells: "Toronto, CA", or several joined with "and".
private func told(by name: UntrustedText?) -> String {
    RouterNameGeolocator().locate(GeoSubject(address: IPAddress(192, 0, 2, 1), name: name)).places
        .map { "\($0.city?.raw ?? "?"), \($0.country?.raw ?? "?")" }.joined(separator: " and ")
}

private func sources(of name: UntrustedText) -> [String] {
    RouterNameGeolocator().locate(GeoSubject(address: IPAddress(192, 0, 2, 1), name: name)).places.map(\.source)
}

@Suite(.onItsOwnThread) struct `Places in the names of routers` {
    @Test(arguments: [
        // As the names of routers are cut in tables and tickets.
        ("tor2", "Toronto, CA"), ("lhr15s42", "London, GB"), ("ae1.fra4", "Frankfurt, DE"),
        // Airports' codes with numbers.
        ("xe-0-0-0.cr1.nyc2.example.net", "New York, US"),
        ("be2099.ccr41.fra03.atlas.cogentco.com", "Frankfurt, DE"),
        ("lhr25s01-in-f14.1e100.net", "London, GB"),
        ("0.ae1.br2.nyc4.alter.net", "New York, US"),
        ("ae24-0.ear01.dub30.ntwk.msn.net", "Dublin, IE"),
        ("100ge4-1.core1.fmt2.he.net", "Fremont, US"),
        ("server-13-32-1-1.iad50.r.cloudfront.net", "Ashburn, US"),
        ("po101.psw01.sjc3.tfbnw.net", "San Jose, US"),
        ("AE3.CR1.CDG2.TRANSIT.EXAMPLE.", "Paris, FR"),
        ("xe-1.cr1.for1.oceanic.example", "Fortaleza, BR"),
        ("te0-0-1.cr1.mba1.oceanic.example", "Mombasa, KE"),
        ("ae7.cr1.mad1.transit.example", "Madrid, ES"),
        ("hu0-1.cr1.mrs1.oceanic.example", "Marseille, FR"),
        ("ae1.cr2.sin3.pacific.example", "Singapore, SG"),
        ("cr1.bom4.oceanic.example", "Mumbai, IN"),
        ("ae4.cr1.syd2.pacific.example", "Sydney, AU"),
        ("bras1.lis1.access.example", "Lisbon, PT"),
        ("per1b.example.com.au", "Perth, AU"),
        // Codes alone, of airports that are nothing but that.
        ("ae1.mx1.fra.de.geant.net", "Frankfurt, DE"), ("edge2.ams.example.net", "Amsterdam, NL"),
        ("nyk-bb2-link.ip.twelve99.net", "New York, US"), ("ldn-b1-link.ip.twelve99.net", "London, GB"),
        ("ffm-bb1-link.ip.twelve99.net", "Frankfurt, DE"), ("kbn-b1-link.ip.twelve99.net", "Copenhagen, DK"),
        // Right before the domain, codes of lesser fame count as well.
        ("rt1.anc.example.net", "Anchorage, US"),
        // Words of one carrier.
        ("las-b22-link.ip.twelve99.net", "Los Angeles, US"), ("sjo-b21-link.telia.net", "San Jose, US"),
        ("las1.example.net", "Las Vegas, US"), ("cr1.sjo1.example.net", "San Jose, CR"),
        // With the state or country beside them, even words.
        ("lo-100.chi-il.example.net", "Chicago, US"), ("gw.tor-on.example.ca", "Toronto, CA"),
        ("rt1.mad.es.example.net", "Madrid, ES"), ("core1.man.uk.example.net", "Manchester, GB"),
        // Codes of telephone exchanges, whole or cut to six letters.
        ("ae-5.r20.londen12.uk.bb.gin.ntt.net", "London, GB"), ("ae-1.r21.nwrknj03.us.bb.gin.ntt.net", "Newark, US"),
        ("ae-9.r24.asbnva02.us.bb.gin.ntt.net", "Ashburn, US"), ("ae-2.r02.tokyjp05.jp.bb.gin.ntt.net", "Tokyo, JP"),
        ("0.csi1.chcgil09.example.net", "Chicago, US"), ("lo0.nycmnyzr.example.net", "New York, US"),
        // Names of cities.
        ("if-ae-2-2.tcore1.l78-london.as6453.net", "London, GB"),
        ("ae1.3112.edge1.Frankfurt1.level3.net", "Frankfurt, DE"),
        ("ae1.3502.ear3.NewYork1.level3.net", "New York, US"),
        ("be-36131-cs03.ashburn.va.ibone.example.net", "Ashburn, US"),
        ("ae1.new-york.example.net", "New York, US"), ("cr1-hong-kong-2.example.net", "Hong Kong, HK"),
        ("rt1.sao-paulo1.example.com.br", "Sao Paulo, BR"), ("dt8-dallas.as6453.net", "Dallas, US"),
        ("bundle-ether2.chw-edge901.sydney.telstra.net", "Sydney, AU"),
        ("te-0-1-0-0-11-pe04.newyork.ny.ibone.example.net", "New York, US"),
        ("pool-203-0-113-7.nycmny.fios.example.net", "New York, US"), ("cr81.dlstx.ip.example.net", "Dallas, US"),
        ("ae0.cr1-fra6.ip4.gtt.net", "Frankfurt, DE"), ("cr-fra2-be7.x-win.dfn.de", "Frankfurt, DE"),
        // A namesake, by what stands beside it.
        ("cr1.sanjose.ca.example.net", "San Jose, US"), ("cr1.sanjose.cr.example.net", "San Jose, CR"),
        // A city's name counts for more than a code, a code with a number for more than one without.
        ("ams-ix.frankfurt.example.net", "Frankfurt, DE"), ("sea.cr1.par2.example.net", "Paris, FR"),
        // Both ends of a link.
        ("lon1-nyc2.example.net", "London, GB and New York, US"),
    ])
    func `what the name tells is found`(name: UntrustedText, place: String) { #expect(told(by: name) == place) }

    @Test(arguments: [
        // Addresses.
        "static-10-0-0-1.example.net", "ip-203-0-113-7.fra1-203-0-113-7.example.net",
        "2001-db8-abe1-1.example.net", "7.113.0.203.in-addr.arpa", "p5b0c1234.dip0.example.de",
        // The domain: here it is "tor.example", and who lives at "frankfurt.example" need not be in Frankfurt.
        "mail.tor.example", "frankfurt.example", "www.london.co.uk", "router.paris.com", "tokyo.example",
        // A word before the domain, without a number: this host may as well serve the network of that name.
        "mail.tor.example.net", "exit.tor.example.net", "gw.mad.example.net", "van-gogh.example.net",
        // Interfaces and roles.
        "ae1.cr1.example.net", "xe-0-0-0.edge1.example.net", "te0-0-1.gw.example.net", "be2099.ccr41.example.net",
        "lo0.pe1.example.net", "eth0.vlan100.core.example.net", "gig1-0.dist.example.net", "tun0.vpn1.example.net",
        "po1.csw2.example.net", "acc1.agg2.bng3.example.net", "nat1.pop3.example.net", "bundle-ether12.example.net",
        // Customers.
        "dsl-pool7.dyn.example.net", "cust12.cable.example.net", "host7.res1.example.net", "sip2.nas1.example.net",
        "mx1.mta2.example.net", "web3.app1.api4.example.net", "may1.jan2.example.net",
        // Words that begin like a place, and codes in longer words.
        "atlas1.example.net", "sinus.example.net", "parish7.example.net",
        "framework1.example.net", "seattleite-backup.example.net", "madonna.example.net",
        // A lesser airport's code that is not where places stand.
        "bio.example.edu", "alb.example.net", "anc.cr1.example.net", "alb-cr1.example.net",
        // Numbers that number no lines.
        "fra20261.example.net", "fra1x2y3.example.net",
        // A list of places is no place.
        "fra1-lon2-nyc3.example.net",
        // Not a name.
        "", ".", "...", "fra4 .example.net", "\u{1b}]0;fra4\u{7}.example.net", "fr\u{e5}4.example.net",
        UntrustedText(String(repeating: "fra4.", count: 60) + "example.net"),
    ])
    func `what tells no place is left alone`(name: UntrustedText) { #expect(told(by: name) == "") }

    @Test func `without a name nothing is told`() { #expect(told(by: nil) == "") }

    @Test func `the source is the word that was read, which is the table's own`() {
        #expect(sources(of: "AE1.FRA4.example.net") == ["router name: fra"])
        #expect(sources(of: "r20.londen12.uk.bb.gin.ntt.net") == ["router name: londen"])
        #expect(sources(of: "cr1.hong-kong.example.net") == ["router name: hong-kong"])
    }

    @Test func `a place comes with its point, its state and how exact it is`() throws {
        let subject = GeoSubject(address: IPAddress(192, 0, 2, 1), name: "cr1.ord2.example.net")
        let place = try #require(RouterNameGeolocator().locate(subject).places.first)
        #expect(place.coordinate == Coordinate(latitude: 41.88, longitude: -87.63))
        #expect(place.region == "IL")
        #expect(place.radiusKm == 50)
    }

    @Test func `every router of the demo with a code in its name is found where it is`() {
        let cities = SimulatedInternet.demo.namedAddresses.compactMap(\.reverse).filter {
            $0.raw.contains(/[a-z]{3}\d\./)
        }
        #expect(cities.count > 50)
        for name in cities where !name.raw.hasPrefix("fw1.") { #expect(told(by: name) != "", "\(name)") }
    }

    @Test func `names of any letters, digits and hyphens give at most two places, each with its point`() {
        let pieces = [
            "fra", "lhr15s42", "new", "york", "new-york", "nycmnyzr", "tor", "uk", "de", "-", "--", "_", ".", ".", ".",
            "0",
            "12", "2001", "ae1", "xe-0-0-0", "abe", "hong", "kong", "net", "co", "example", "a", "x9", "SYDNEY",
            "londen12",
            "twelve99", "las",
        ]
        var state: UInt64 = 42
        for _ in 0..<5000 {
            var name = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                name += pieces[Int(state >> 33) % pieces.count]
            }
            let subject = GeoSubject(address: IPAddress(192, 0, 2, 1), name: UntrustedText(name))
            let places = RouterNameGeolocator().locate(subject).places
            #expect(places.count <= 2 && places.allSatisfy { $0.coordinate != nil && $0.city != nil }, "\(name)")
        }
    }
}
